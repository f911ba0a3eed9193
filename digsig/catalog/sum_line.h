/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of sha256sum(1): the digest, two spaces, or one and a '*', and the name. Where the name has a
 * backslash, a newline or a carriage return, the line begins with a backslash, and the name has
 * \\, \n and \r for them.
 */
#ifndef DIGSIG_CATALOG_SUM_LINE_H
#define DIGSIG_CATALOG_SUM_LINE_H

#include <stddef.h>
#include <stdio.h>
#include "../format/block.h"

/*
 * Reads a line of length bytes, without the newline at its end but with a zero byte there; a carriage
 * return at its end is not part of it. *name is inside line, which is changed. -EBADMSG: not such a line.
 */
int sum_line_parse(
	char *line, size_t length, __u8 digest[DIGSIG_DIGEST_SIZE], const char **name);

/* Prints it, the newline included. */
void sum_line_print(FILE *out, const __u8 digest[DIGSIG_DIGEST_SIZE], const char *name);

#endif
