/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words and strings of a line of a script. */
#ifndef SCCON_CHAT_WORDS_H
#define SCCON_CHAT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include "script.h"

enum { WORD_SIZE = 64 };

struct words {
	const char *at, *end; /* what is left of the line */
	unsigned int line;
	struct chat_error *error;
};

/* Returns -EINVAL, with the words and the line in *error. */
int words_refuse(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether nothing but a comment is left. Spaces are passed over. */
bool words_at_end(struct words *words);

/* Up to the next space. 0 or -EINVAL. */
int words_take(struct words *words, char word[WORD_SIZE]);

/*
 * "A string", whose escapes are taken, or /an expression/, in which only \/ is. *text is to be freed, and has a 0 behind its
 * size bytes. 0, -EINVAL or -ENOMEM.
 */
int words_take_quoted(struct words *words, char **text, size_t *size, bool *is_expression);

#endif
