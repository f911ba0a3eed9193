/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many columns of a terminal text takes, and text cut to fit. Text is as safe_text makes it:
 * UTF-8, without control characters. The widths are those of LC_CTYPE, which is to be one with UTF-8.
 */
#ifndef KERNKIT_TEXT_COLUMNS_H
#define KERNKIT_TEXT_COLUMNS_H

#include <stddef.h>

/* How many columns it takes. */
size_t text_columns(const char *text);

/*
 * New strings of at most so many columns, to be freed; NULL when memory is short. Where something is
 * left out there is an ellipsis.
 */
char *cut_end(const char *text, size_t columns);

/* A path: the middle is left out, and if there is room for it the last name stays whole. */
char *cut_path(const char *path, size_t columns);

/*
 * A command line: its first word, of word_bytes, is cut as a path if it takes more than half, then the
 * end.
 */
char *cut_command(const char *line, size_t word_bytes, size_t columns);

#endif
