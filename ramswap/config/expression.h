/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sizes of ramswap.conf: arithmetic in MiB, as in zram-generator's "zram-size": numbers, the variable ram and those
 * that the caller adds, + - * / % ^, parentheses, min(a, b), max(a, b).
 */
#ifndef RAMSWAP_CONFIG_EXPRESSION_H
#define RAMSWAP_CONFIG_EXPRESSION_H

#include <stddef.h>

struct expression_variable {
	const char *name;
	double value;
};

/*
 * 0 and *value, a finite number of at least 0; or -EINVAL, and in words (at most size bytes) what is wrong: "column 5:
 * no such variable: mem". Depth and length are bounded.
 */
int expression_evaluate(const char *text, const struct expression_variable *variables, size_t count, double *value,
	char *words, size_t size);

#endif
