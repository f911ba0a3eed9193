/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text of INI, line by line, by libinih. What is ramswap's: bounds, sections with an argument, and words for what
 * is wrong.
 */
#ifndef RAMSWAP_CONFIG_LINES_H
#define RAMSWAP_CONFIG_LINES_H

#include "../ramswap.h"

enum { INI_SECTION_MAX = 127, CONFIG_LINE_MAX = 197 };

struct ini_line {
	const char *file;
	unsigned int number;
	const char *section; /* "" before the first one; "source pmem0", spaces between as one */
	const char *name, *value; /* name NULL: the section begins */
};

/* 0; or a negative errno, which ends it: with -EINVAL *problem says what is wrong, without file and line. */
typedef int (*ini_take)(void *context, const struct ini_line *line, struct ramswap_problem *problem);

/*
 * Gives take each section and each setting of size bytes, which came from that file. A line is a comment, [SECTION],
 * or NAME = VALUE, behind which a comment may stand after " ;". It has no NUL byte, and at most CONFIG_LINE_MAX bytes
 * unless it is a comment. 0; or a negative errno, and in *problem "FILE:LINE: what is wrong".
 */
int config_read_lines(const char *file, const char *text, size_t size, ini_take take, void *context,
	struct ramswap_problem *problem);

/* Fills it, cut where it does not fit, and returns err. */
int config_fail(struct ramswap_problem *problem, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
