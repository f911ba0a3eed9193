// SPDX-License-Identifier: GPL-2.0-or-later
/* Listings: which columns, what a terminal gets, what a script gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/command/complain.h"
#include "../../lib/table/table.h"

const char command_name[] = "tool";

enum { WHAT, COUNT, WHY };

static const struct option_word columns[] = {
	{ "WHAT", WHAT },
	{ "COUNT", COUNT | TABLE_NUMBER },
	{ "WHY", WHY | TABLE_LINES },
	{ 0 },
};

enum { ERROR = 7 };

/* What three rows are printed as; to be freed. code: the exit code, of the opening or of the printing. */
static char *print(const struct table_settings *settings, int *code)
{
	FILE *file = tmpfile();
	int kept = dup(STDOUT_FILENO);
	char *text = calloc(1, 4096);
	struct table *table;

	assert_non_null(file);
	assert_non_null(text);
	fflush(stdout);
	assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
	table = table_open(settings, columns, "WHAT,COUNT", ERROR, code);
	if (table) {
		table_row(table);
		table_put(table, WHAT, "%s", "a b");
		table_put(table, COUNT, "%d", 7);
		table_put(table, WHY, "%s", "one\ntwo\033[2J");
		table_row(table);
		table_put(table, WHAT, "%s", "esc\033[2J\\\xff\xe2\x80\xae");
		table_put(table, COUNT, "%d", 1234);
		table_row(table);
		table_put(table, WHAT, "%s", "\xc3\xa9t\xc3\xa9");
		*code = table_close(table);
	}
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	assert_true(pread(fileno(file), text, 4095, 0) >= 0);
	fclose(file);
	return text;
}

static void prints(const struct table_settings settings, const char *expected)
{
	int code;
	char *text = print(&settings, &code);

	assert_string_equal(text, expected);
	assert_int_equal(code, 0);
	free(text);
}

static void refuses(const char *names)
{
	const struct table_settings settings = { .columns = names };
	int code;
	char *text = print(&settings, &code);

	assert_string_equal(text, "");
	assert_int_equal(code, EXIT_USAGE);
	free(text);
}

static void test_usual(void **state)
{
	(void)state;
	prints((struct table_settings){ 0 },
		"WHAT               COUNT\n"
		"a b                    7\n"
		"esc\\x1b[2J\\\\xff???  1234\n"
		"\xc3\xa9t\xc3\xa9                \n");
	prints((struct table_settings){ .no_headings = true, .columns = "count" }, "    7\n 1234\n\n");
}

static void test_raw(void **state)
{
	(void)state;
	prints((struct table_settings){ .raw = true, .no_headings = true, .columns = "WHAT" },
		"a\\x20b\nesc\\x1b[2J\\x5c\\xff\\xe2\\x80\\xae\n\\xc3\\xa9t\\xc3\\xa9\n");
}

/* Each end of a line begins one more line in the same column; nothing else in it is taken as it is. */
static void test_lines(void **state)
{
	(void)state;
	prints((struct table_settings){ .columns = "WHY,COUNT", .no_headings = true },
		"one            7\ntwo\\x1b[2J \n            1234\n           \n");
}

static void test_chosen(void **state)
{
	(void)state;
	prints((struct table_settings){ .columns = "+what", .no_headings = true, .raw = true },
		"a\\x20b 7 a\\x20b\n"
		"esc\\x1b[2J\\x5c\\xff\\xe2\\x80\\xae 1234 esc\\x1b[2J\\x5c\\xff\\xe2\\x80\\xae\n"
		"\\xc3\\xa9t\\xc3\\xa9  \\xc3\\xa9t\\xc3\\xa9\n");
}

static void test_refused(void **state)
{
	static const char *const names[] = { "", ",", "WHAT,", "WHAT,,WHY", "+", "nonsense", "WHAT WHY" };
	char many[5 * (TABLE_COLUMNS_MAX + 1) + 1] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		refuses(names[i]);
	for (size_t i = 0; i <= TABLE_COLUMNS_MAX; i++)
		strcat(many, i ? ",WHAT" : "WHAT");
	refuses(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usual),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_chosen),
		cmocka_unit_test(test_refused),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
