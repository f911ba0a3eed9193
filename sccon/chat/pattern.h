/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a script waits for: a text, or a regular expression, in bytes that may be any. */
#ifndef SCCON_CHAT_PATTERN_H
#define SCCON_CHAT_PATTERN_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	PATTERN_EXPRESSION_MAX = 256, /* bytes of a regular expression */
	PATTERN_REPEATS_MAX = 256, /* the product of all {N} in it: memory and time grow with it */
	PATTERN_DEPTH_MAX = 16, /* groups in each other */
	PATTERN_WORDS_SIZE = 160,
};

struct pattern {
	bool is_expression, is_compiled;
	char *text; /* the text, or the expression */
	size_t size;
	regex_t expression;
};

/*
 * pattern->text becomes an expression of POSIX's extended kind, where ^ and $ are also the ends of lines. 0; or -EINVAL
 * with what is wrong in words.
 */
int pattern_compile(struct pattern *pattern, char words[PATTERN_WORDS_SIZE]);

/*
 * The first match in bytes, at or behind from, which is at most size: where it begins and ends. is_cut: something stood before bytes, so
 * that they do not begin a line.
 */
bool pattern_find(const struct pattern *pattern, const char *bytes, size_t from, size_t size, bool is_cut, size_t *begin, size_t *end);

/* Frees what it has. */
void pattern_free(struct pattern *pattern);

#endif
