/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to number, the same for every option, setting and file. A number is ASCII digits: no sign, no
 * space, no other base, whatever the locale. lib/text/duration.h and lib/text/size.h put units behind it.
 *
 * All return 0 and set *number, or return an error and leave *number as it was: -EINVAL: text is not a
 * number; -ERANGE: it is one, but out of range.
 */
#ifndef KERNKIT_NUMBER_H
#define KERNKIT_NUMBER_H

#include <linux/types.h>

/* All of text: "0", "4096", "007"; from least to most, both included. */
int number_parse(const char *text, __u64 least, __u64 most, __u64 *number);

/* All of text, in hexadecimal digits of either case: "ffffffff81000000", "0x1000". */
int number_parse_hex(const char *text, __u64 *number);

/* All of text, with or without a fraction: "2", "0.5", "99.99", ".5"; from least to most, both included. */
int decimal_parse(const char *text, double least, double most, double *number);

/*
 * The digits that *text begins with, as many as there are; *text then is what follows them, with -ERANGE,
 * too. For lines such as "N0=12 N1=7", and for numbers with a unit.
 */
int number_read(const char **text, __u64 *number);

/* A number with a fraction: their sum. */
struct decimal {
	__u64 whole;
	double fraction; /* at least 0, less than 1 */
};

/* The same for such a number: digits, a point and digits; those before or those behind the point may be missing. */
int decimal_read(const char **text, struct decimal *number);

#endif
