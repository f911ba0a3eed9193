// SPDX-License-Identifier: GPL-2.0-or-later
#include "test_rows.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/json.h"
#include "cli.h"

enum { SOURCE, METHOD, PAGES, RATIO, INCOMPRESSIBLE, OUT, IN, IN_P99, LOAD, NOTE };

const struct option_word test_columns[] = {
	{ "SOURCE", SOURCE },
	{ "METHOD", METHOD },
	{ "PAGES", PAGES | TABLE_NUMBER },
	{ "RATIO", RATIO | TABLE_NUMBER },
	{ "INCOMPRESSIBLE", INCOMPRESSIBLE | TABLE_NUMBER },
	{ "OUT", OUT | TABLE_NUMBER },
	{ "IN", IN | TABLE_NUMBER },
	{ "IN-P99", IN_P99 | TABLE_NUMBER },
	{ "LOAD", LOAD | TABLE_NUMBER },
	{ "NOTE", NOTE | TABLE_CUT },
	{ NULL, 0 },
};

#define USUAL "SOURCE,METHOD,PAGES,RATIO,OUT,IN,IN-P99,LOAD,NOTE"

static const char *const methods[] = {
	[TEST_DIRECT] = "direct",
	[TEST_FAULT] = "fault",
	[TEST_COPY] = "copy",
};

struct test_row *test_rows_add(struct test_rows *rows)
{
	struct test_row *list = reallocarray(rows->list, rows->count + 1, sizeof(*list));

	if (!list)
		return NULL;
	rows->list = list;
	list += rows->count++;
	memset(list, 0, sizeof(*list));
	return list;
}

void test_print_time(char *text, double nanoseconds)
{
	if (nanoseconds < 999.5)
		snprintf(text, 32, "%.0f ns", nanoseconds);
	else if (nanoseconds < 999950)
		snprintf(text, 32, "%.1f us", nanoseconds / 1e3);
	else if (nanoseconds < 999950e3)
		snprintf(text, 32, "%.1f ms", nanoseconds / 1e6);
	else
		snprintf(text, 32, "%.1f s", nanoseconds / 1e9);
}

static void put_time(struct table *table, unsigned int column, double nanoseconds)
{
	char text[32];

	test_print_time(text, nanoseconds);
	if (nanoseconds > 0)
		table_put(table, column, "%s", text);
}

static void put_row(struct table *table, const struct test_row *row)
{
	table_row(table);
	table_put(table, SOURCE, "%s%s%s", row->source, *row->algorithm ? " " : "", row->algorithm);
	table_put(table, METHOD, "%s", methods[row->method]);
	table_put(table, PAGES, "%llu", (unsigned long long)row->pages);
	if (row->ratio > 0) {
		table_put(table, RATIO, "%.2f", row->ratio);
		table_put(table, INCOMPRESSIBLE, "%.0f%%",
			100 * (double)row->incompressible_pages / (double)row->pages);
	}
	put_time(table, OUT, row->out_ns);
	put_time(table, IN, row->in_ns);
	put_time(table, IN_P99, row->in_p99_ns);
	put_time(table, LOAD, row->load_ns);
	table_put(table, NOTE, "%s", row->note);
}

int test_rows_put(const struct test_rows *rows, const struct table_settings *settings)
{
	int code;
	struct table *table = table_open(settings, test_columns, USUAL, EXIT_ERROR, &code);

	if (!table)
		return code;
	for (size_t i = 0; i < rows->count; i++)
		put_row(table, &rows->list[i]);
	return table_close(table);
}

/* Rounded: parts of a nanosecond are no information. */
static void add_time(struct json_object *object, const char *name, double nanoseconds)
{
	if (nanoseconds > 0)
		json_add_number(object, name, (__u64)(nanoseconds + 0.5));
	else
		json_add_string(object, name, NULL);
}

static void add_ratio(struct json_object *object, const struct test_row *row)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%.4f", row->ratio);
	if (row->ratio > 0)
		json_object_object_add(object, "ratio", json_object_new_double_s(row->ratio, digits));
	else
		json_add_string(object, "ratio", NULL);
}

static void put_json(const struct test_row *row)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "source", row->source);
	json_add_string(object, "algorithm", *row->algorithm ? row->algorithm : NULL);
	json_add_string(object, "method", methods[row->method]);
	json_add_number(object, "pages", row->pages);
	add_ratio(object, row);
	json_add_number(object, "incompressible_pages", row->incompressible_pages);
	add_time(object, "out_ns", row->out_ns);
	add_time(object, "in_ns", row->in_ns);
	add_time(object, "in_p99_ns", row->in_p99_ns);
	add_time(object, "load_ns", row->load_ns);
	add_time(object, "move_out_ns", row->move_out_ns);
	add_time(object, "move_in_ns", row->move_in_ns);
	json_add_text(object, "note", *row->note ? row->note : NULL);
	json_put_line(object);
}

int test_rows_put_json(const struct test_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		put_json(&rows->list[i]);
	return EXIT_OK;
}
