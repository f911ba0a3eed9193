/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine judges at all: names for the command line, and words for people. */
#ifndef DIGSIG_ENFORCE_SCOPES_H
#define DIGSIG_ENFORCE_SCOPES_H

#include <stddef.h>
#include "engine.h"

/* "exec", "mmap", ... by the number of the bit in enum digsig_scope; NULL: no such. Static. */
const char *scope_name(unsigned int bit);

/* "allow", "audit", "deny"; NULL for another number. Static. */
const char *wx_name(unsigned int wx);

/* "NAME=on" or "NAME=off" into *scopes: 0, or -EINVAL and *scopes unchanged. */
int scope_set(const char *assignment, unsigned int *scopes);

/*
 * What an engine with these settings judges and what it does not, as phrases, whose number is
 * returned. Static strings. Keep true with the hooks in digsig/kernel.
 */
#define SCOPE_WORDS_MAX 16
size_t scopes_judged(const struct digsig_settings *settings, const char *words[SCOPE_WORDS_MAX]);
/* The reverse: what these settings leave alone. */
size_t scopes_not_judged(
	const struct digsig_settings *settings, const char *words[SCOPE_WORDS_MAX]);

#endif
