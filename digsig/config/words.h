/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of settings that stand for a number. Pure. */
#ifndef DIGSIG_CONFIG_WORDS_H
#define DIGSIG_CONFIG_WORDS_H

#include <stdbool.h>

struct config_word {
	const char *name; /* NULL ends the list */
	unsigned int value;
};

extern const struct config_word config_modes[]; /* enum digsig_mode */
extern const struct config_word config_wx_policies[]; /* enum digsig_wx */
extern const struct config_word config_expiries[]; /* enum config_expiry */
extern const struct config_word config_scopes[]; /* enum digsig_scope, a bit each */

/* What the name stands for. False: it is none of them, and *value stays what it was. */
bool config_word_value(const struct config_word *words, const char *name, unsigned int *value);

/* The reverse. A static string; NULL: nothing stands for the value. */
const char *config_word_name(const struct config_word *words, unsigned int value);

#endif
