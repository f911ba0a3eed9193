// SPDX-License-Identifier: GPL-2.0-or-later
#include "table.h"
#include <ctype.h>
#include <errno.h>
#include <libsmartcols.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../command/complain.h"
#include "../text/nearest.h"
#include "../text/text.h"

struct table {
	struct libscols_table *table;
	struct libscols_line *row; /* the last one; NULL: none yet */
	unsigned int shown[TABLE_COLUMNS_MAX]; /* the value of each shown column's word, in their order */
	size_t count;
	bool is_raw;
	int error; /* the command's exit code for one */
	int err; /* the first that happened, negative; 0: none */
};

static void note(struct table *table, int err)
{
	if (!table->err && err)
		table->err = err;
}

static const struct option_word *find_column(const struct option_word *columns, const char *name)
{
	for (; columns->name; columns++)
		if (!strcasecmp(columns->name, name))
			return columns;
	return NULL;
}

static int unknown_column(const struct option_word *columns, const char *name)
{
	char list[512] = "", upper[64];
	struct nearest nearest = { .word = upper };
	size_t length = 0;

	for (; name[length] && length < sizeof(upper) - 1; length++)
		upper[length] = (char)toupper((unsigned char)name[length]);
	upper[length] = '\0';
	for (; columns->name; columns++) {
		nearest_try(&nearest, columns->name);
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", *list ? ", " : "",
			columns->name);
	}
	if (nearest.name)
		return usage_error("--output %s: no such column; did you mean %s?", name, nearest.name);
	return usage_error("--output %s: no such column; there are %s", name, list);
}

static int add_column(struct table *table, const struct option_word *column)
{
	unsigned int flags = column->value;
	struct libscols_column *added;
	int err;

	if (table->count == TABLE_COLUMNS_MAX)
		return -E2BIG;
	added = scols_table_new_column(table->table, column->name, 0,
		(flags & TABLE_NUMBER ? SCOLS_FL_RIGHT : 0) | (flags & TABLE_LINES ? SCOLS_FL_WRAP : 0) |
			(flags & TABLE_CUT ? SCOLS_FL_TRUNC : 0));
	if (!added)
		return -ENOMEM;
	table->shown[table->count++] = flags;
	if (!(flags & TABLE_LINES))
		return 0;
	err = scols_column_set_safechars(added, "\n");
	if (!err)
		err = scols_column_set_wrapfunc(
			added, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
	return err;
}

/* Those of a list, with commas between the names. An exit code. */
static int add_columns(struct table *table, const struct option_word *columns, const char *names)
{
	char *list = strdup(names), *rest = list, *name;
	int code = 0;

	if (!list)
		note(table, -ENOMEM);
	while (!code && (name = strsep(&rest, ","))) {
		const struct option_word *column = find_column(columns, name);

		if (column)
			note(table, add_column(table, column));
		else
			code = unknown_column(columns, name);
	}
	free(list);
	return code;
}

static int add_chosen(struct table *table, const struct table_settings *settings,
	const struct option_word *columns, const char *usual)
{
	const char *chosen = settings->columns;
	int code = 0;

	if (!chosen || *chosen == '+')
		code = add_columns(table, columns, usual);
	if (!code && chosen)
		code = add_columns(table, columns, *chosen == '+' ? chosen + 1 : chosen);
	return code;
}

/* Whether that of the shown columns is the one with this number. */
static bool is_column(const struct table *table, size_t shown, unsigned int number)
{
	return (table->shown[shown] & (TABLE_NUMBER - 1)) == number;
}

static void let_go(struct table *table)
{
	scols_unref_table(table->table);
	free(table);
}

/* Complains of the first error, if there was one. An exit code. */
static int conclude(const struct table *table)
{
	if (!table->err)
		return 0;
	if (table->err == -E2BIG)
		return usage_error("--output: more than %d columns", TABLE_COLUMNS_MAX);
	complain("%s", strerror(-table->err));
	return table->error;
}

struct table *table_open(const struct table_settings *settings, const struct option_word *columns,
	const char *usual, int error, int *code)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table || !(table->table = scols_new_table())) {
		free(table);
		complain("%s", strerror(ENOMEM));
		*code = error;
		return NULL;
	}
	table->is_raw = settings->raw;
	table->error = error;
	note(table, scols_table_enable_noheadings(table->table, settings->no_headings));
	note(table, scols_table_enable_raw(table->table, settings->raw));
	note(table, scols_table_enable_export(table->table, settings->pairs));
	*code = add_chosen(table, settings, columns, usual);
	if (!*code)
		*code = conclude(table);
	if (*code) {
		let_go(table);
		return NULL;
	}
	return table;
}

bool table_is_explained(const struct table_settings *settings)
{
	return !settings->raw && !settings->no_headings;
}

void table_row(struct table *table)
{
	table->row = scols_table_new_line(table->table, NULL);
	if (!table->row)
		note(table, -ENOMEM);
}

/*
 * The library escapes control characters and what is not UTF-8, but not the characters that turn the
 * writing direction: question marks stand in their place. To be freed; NULL: memory is short.
 */
static char *cell_text(const struct table *table, const char *text)
{
	char *copy = strdup(text);
	unsigned int character;
	size_t length;

	for (char *at = copy; !table->is_raw && at && *at; at += length ? length : 1) {
		length = text_character(at, &character);
		if (length > 1 && !is_harmless(character))
			memset(at, '?', length);
	}
	return copy;
}

void table_put(struct table *table, unsigned int column, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		note(table, -ENOMEM);
	for (size_t i = 0; length >= 0 && table->row && i < table->count; i++) {
		char *cell;

		if (!is_column(table, i, column))
			continue;
		cell = cell_text(table, text);
		note(table, cell ? scols_line_refer_data(table->row, i, cell) : -ENOMEM);
	}
	if (length >= 0)
		free(text);
}

void table_colour(struct table *table, unsigned int column, const char *colour)
{
	note(table, scols_table_enable_colors(table->table, true));
	for (size_t i = 0; table->row && i < table->count; i++)
		if (is_column(table, i, column))
			note(table, scols_cell_set_color(scols_line_get_cell(table->row, i), colour));
}

int table_close(struct table *table)
{
	int code;

	if (!table->err && table->row)
		note(table, scols_print_table(table->table));
	code = conclude(table);
	let_go(table);
	return code;
}
