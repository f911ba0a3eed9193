/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sizes of ramswap.conf: arithmetic in MiB, as in zram-generator's "zram-size": numbers, the variable ram and those
 * that the caller adds, + - * / % ^, parentheses, min(a, b), max(a, b), and int, floor, ceil, round, abs of one number.
 * A sign binds closest, then ^, from the right; then %; then * and /; then + and -, all these from the left. So
 * 7 * 5 % 3 is 14, as zram-generator has it, and not 2.
 */
#ifndef RAMSWAP_CONFIG_EXPRESSION_H
#define RAMSWAP_CONFIG_EXPRESSION_H

#include <stddef.h>

enum {
	EXPRESSION_LENGTH_MAX = 255, /* bytes */
	EXPRESSION_DEPTH_MAX = 32, /* of parentheses, signs and powers in one another */
};

struct expression_variable {
	const char *name;
	double value;
};

/*
 * The variables of ramswap.conf, whose values the plan fills in, all in MiB: ram: MemTotal of /proc/meminfo, whole;
 * swap: the swap that there is of others; far: the persistent and reserved memory that the plan uses. An initializer
 * of an array.
 */
#define EXPRESSION_VARIABLES(ram, swap, far)                                                       \
	{                                                                                          \
		{ "ram", ram }, { "swap", swap }, { "far", far }                                   \
	}

/*
 * 0 and *value, a finite number of at least 0; or -EINVAL, and in words (at most size bytes) what is wrong: "column 5:
 * no such variable: mem". Depth and length are bounded.
 */
int expression_evaluate(const char *text, const struct expression_variable *variables, size_t count, double *value,
	char *words, size_t size);

/* Whether it is an expression, whatever the variables are: 0; or -EINVAL and what is wrong. */
int expression_check(const char *text, const struct expression_variable *variables, size_t count, char *words,
	size_t size);

#endif
