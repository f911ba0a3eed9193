/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A listing: rows of cells below headings, as the users of util-linux know them. Columns are chosen with
 * -o, and made as wide as what is in them; on a terminal that is too narrow, some may be cut.
 */
#ifndef KERNKIT_TABLE_TABLE_H
#define KERNKIT_TABLE_TABLE_H

#include <stdbool.h>
#include "../command/options.h"

/* Of a column, beside its number below TABLE_COLUMNS_MAX, in the value of its word. */
enum {
	TABLE_NUMBER = 1 << 8, /* to the right */
	TABLE_LINES = 1 << 9, /* newlines in it begin another line */
	TABLE_CUT = 1 << 10, /* cut where the terminal is too narrow */
};
#define TABLE_COLUMNS_MAX 32

/* What the user wants to see; all zero: the usual columns, with headings. */
struct table_settings {
	const char *columns; /* names, with commas between them; with a + before: besides the usual ones */
	bool no_headings;
	bool raw; /* for scripts: a space between cells; what is not plain in them as \xNN */
	bool pairs; /* HEADING="cell", what is not plain as \xNN; not for TABLE_OPTIONS */
};

/*
 * The options for that: in the command's table of options. field is a struct table_settings of the
 * structure; column_words is the list of columns.
 */
#define TABLE_OPTIONS(structure, field, column_words)                                              \
	{ OPTION_VALUE, 'o', "output", "COLUMN,...", "which columns; +COLUMN,...: besides the usual ones", \
		OPTION_FIELD(structure, field.columns), .words = column_words, .has_commas = true },      \
	{ OPTION_FLAG, 'n', "noheadings", NULL, "print the rows alone",                           \
		OPTION_FIELD(structure, field.no_headings) },                                      \
	{ OPTION_FLAG, 'r', "raw", NULL, "for scripts: one space between columns, spaces in them as \\x20", \
		OPTION_FIELD(structure, field.raw) }
#define TABLE_USAGE "[-n] [-r] [-o COLUMN,...]"

struct table;

/*
 * columns: each one's heading, which is what -o calls it, and its number and flags. usual: those to
 * show without -o, as -o would name them. error: the command's exit code for what could not be done.
 * NULL, having complained: *code is the exit code.
 */
struct table *table_open(const struct table_settings *settings, const struct option_word *columns,
	const char *usual, int error, int *code);

/* Whether a line of explanation may stand around the table: it is not for a script. */
bool table_is_explained(const struct table_settings *settings);

/* Begins the next row. */
void table_row(struct table *table);

/*
 * Into a column of that row; nothing where it is not shown. Any bytes: of what could speak to a terminal
 * control characters become \xNN, and those that turn the writing direction question marks.
 */
void table_put(struct table *table, unsigned int column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The colour of that cell: an escape sequence; asked for only where colour is wanted. */
void table_colour(struct table *table, unsigned int column, const char *colour);

/* Prints it, if it has rows, and frees it. An exit code, having complained if memory was short. */
int table_close(struct table *table);

#endif
