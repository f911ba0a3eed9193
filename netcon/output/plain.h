/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What messages say, in the bytes that it was before the kernel escaped it. */
#ifndef KERNKIT_NETCON_PLAIN_H
#define KERNKIT_NETCON_PLAIN_H

#include "bytes.h"
#include "output.h"

/* How much of it, from the beginning, is printable ASCII without a backslash: the same with and without escapes. */
size_t plain_size(const char *text, size_t size);

/*
 * A copy, to be freed, of *size bytes, without its escapes if it has any; *size is then the size of the copy, behind which a
 * '\0' stands. NULL: memory is short.
 */
char *plain_copy(const char *text, size_t *size, bool is_escaped);

/* Adds a piece of an extended message without its escapes. */
void plain_add(struct bytes *to, const char *text, size_t size);

/* Adds the text of a message. What is not in the extended format has no escapes: it stays as it is. */
void plain_add_text(struct bytes *to, const struct netcon_message *message);

/* Whether all of it is UTF-8. *is_ascii: whether there are no other characters in it than those of ASCII; NULL: no matter. */
bool plain_is_utf8(const char *bytes, size_t size, bool *is_ascii);

/* What happened, in a sentence without the time: "lost: 3 messages, 1823 to 1825", and of whom where that is known. */
void plain_add_happened(struct bytes *to, const struct happened *happened);

/*
 * The level of RFC 5424 of a happening: 4, a warning, where something is missing; 5, a notice, where a host has booted or
 * something is there after all; 6 of others.
 */
unsigned int happening_level(enum happening what);

/* The priority that is written for a message that has none, because it is not in the extended format: kern.notice. */
enum { PRIORITY_OF_BASIC = 5 };

#endif
