// SPDX-License-Identifier: GPL-2.0-or-later
/* Text cut to the columns of a terminal, quoted as for a shell, in JSON. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "lib/text/columns.h"
#include "lib/text/flags.h"
#include "lib/text/json.h"
#include "lib/text/shell.h"
#include "lib/text/text.h"

typedef char *cutter(const char *text, size_t columns);

static void expect(cutter *cut, const char *text, size_t columns, const char *expected)
{
	char *got = cut(text, columns);

	assert_string_equal(got, expected);
	assert_true(text_columns(got) <= columns);
	free(got);
}

static void columns_are_those_of_a_terminal(void **state)
{
	(void)state;
	assert_int_equal(text_columns(""), 0);
	assert_int_equal(text_columns("plain"), 5);
	assert_int_equal(text_columns("caf\xc3\xa9"), 4);
	assert_int_equal(text_columns("e\xcc\x81"), 1); /* a combining accent */
	assert_int_equal(text_columns("\xe6\xbc\xa2\xe5\xad\x97"), 4); /* wide ones */
	assert_int_equal(text_columns("\xf0\x9f\x98\x80"), 2);
}

static void an_end_is_cut(void **state)
{
	(void)state;
	expect(cut_end, "plain", 5, "plain");
	expect(cut_end, "plain", 4, "pla…");
	expect(cut_end, "plain", 1, "…");
	expect(cut_end, "plain", 0, "");
	expect(cut_end, "\xe6\xbc\xa2\xe5\xad\x97", 3, "\xe6\xbc\xa2…");
	/* Half of a wide character is none. */
	expect(cut_end, "\xe6\xbc\xa2\xe5\xad\x97", 2, "…");
}

static void of_a_path_the_middle_is_cut(void **state)
{
	(void)state;
	expect(cut_path, "/usr/lib/libc.so.6", 18, "/usr/lib/libc.so.6");
	expect(cut_path, "/usr/lib/libc.so.6", 17, "/usr/l…/libc.so.6");
	expect(cut_path, "/usr/lib/libc.so.6", 11, "…/libc.so.6");
	expect(cut_path, "/usr/lib/libc.so.6", 10, "/usr….so.6");
	expect(cut_path, "a-name-without-slashes", 9, "a-n…ashes");
	expect(cut_path, "/usr/lib/libc.so.6", 3, "….6");
	expect(cut_path, "/usr/lib/libc.so.6", 2, "/…");
	expect(cut_path, "/usr/lib/libc.so.6", 0, "");
	expect(cut_path, "/a/\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 8, "…/\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2");
}

static char *cut_line(const char *line, size_t columns)
{
	return cut_command(line, strcspn(line, " "), columns);
}

static void a_command_keeps_its_program(void **state)
{
	(void)state;
	expect(cut_line, "/usr/lib/gcc/cc1 -o x", 21, "/usr/lib/gcc/cc1 -o x");
	expect(cut_line, "/usr/lib/gcc/cc1 -o x", 20, "/usr/lib/g…/cc1 -o x");
	expect(cut_line, "/usr/lib/gcc/cc1 -quiet source.c", 20, "/usr/…/cc1 -quiet s…");
	expect(cut_line, "cc1 -quiet source.c", 12, "cc1 -quiet …");
	expect(cut_line, "/usr/lib/gcc/cc1", 10, "/usr/…/cc1");
	expect(cut_line, "", 0, "");
}

static void expect_line(const char *args, size_t size, bool is_cut, const char *expected)
{
	size_t word_bytes;
	char *got = shell_line(args, size, is_cut, &word_bytes);

	assert_string_equal(got, expected);
	/* Of the first word, where that has no space itself. */
	if (expected[0] != '\'')
		assert_int_equal(word_bytes, strcspn(expected, " "));
	free(got);
}

#define LINE(args, expected) expect_line(args, sizeof(args), false, expected)

/* That a shell takes these lines apart again is tested in tests/cli/kevents.sh. */
static void arguments_are_quoted_as_for_a_shell(void **state)
{
	(void)state;
	LINE("ls\0-l\0/a_b-c.d,e:f@g%h+i=j^k", "ls -l /a_b-c.d,e:f@g%h+i=j^k");
	LINE("x\0\0y z", "x '' 'y z'");
	LINE("", "''");
	LINE("my program\0-v", "'my program' -v");
	LINE("it's\0'", "'it'\\''s' ''\\'''");
	LINE("A=b\0A=b", "'A=b' A=b");
	LINE("a\\b\0~\0#\0*", "'a\\b' '~' '#' '*'");
	LINE("x\0caf\xc3\xa9", "x 'caf\xc3\xa9'");
	LINE("x\0a\nb\t\x1b[31m\x7f", "x $'a\\nb\\t\\033[31m\\177'");
	LINE("x\0\xff'\\\xe2\x80\xae", "x $'\\377\\'\\\\\\342\\200\\256'");
	/* The digit behind it is none of its digits. */
	LINE("x\0\1"
	     "1",
		"x $'\\0011'");
	expect_line("x\0yy", 5, true, "x yy …");
	expect_line("", 0, false, "");
}

static void expect_json(const char *text, const char *expected)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "a", text);
	assert_string_equal(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN), expected);
	json_object_put(object);
}

static void expect_texts(const char *const *texts, const char *expected)
{
	struct json_object *object = json_object_new_object();
	struct json_texts list;

	json_texts_begin(&list);
	for (; *texts; texts++)
		json_texts_add(&list, *texts);
	json_texts_end(&list, object, "a");
	assert_string_equal(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN), expected);
	json_object_put(object);
}

static void json_has_texts_as_they_are(void **state)
{
	(void)state;
	expect_texts((const char *const[]){ NULL }, "{\"a\":[]}");
	expect_texts((const char *const[]){ "a\\", "b\n", NULL }, "{\"a\":[\"a\\\\\",\"b\\n\"]}");
	expect_texts((const char *const[]){ "a", "\xff", NULL },
		"{\"a\":[\"a\",\"\xef\xbf\xbd\"],\"a_hex\":[null,\"ff\"]}");
}

static void json_has_text_as_it_is(void **state)
{
	(void)state;
	expect_json("plain", "{\"a\":\"plain\"}");
	expect_json("a\nb\\\"", "{\"a\":\"a\\nb\\\\\\\"\"}");
	expect_json("caf\xc3\xa9", "{\"a\":\"caf\xc3\xa9\"}");
	expect_json("", "{\"a\":\"\"}");
	expect_json("a\xff\\", "{\"a\":\"a\xef\xbf\xbd\\\\\",\"a_hex\":\"61ff5c\"}");
	expect_json(NULL, "{\"a\":null}");
}

static void flags_have_words_in_the_order_of_the_list(void **state)
{
	static const struct flag_word words[] = { { 4, "four" }, { 1, "one" }, { 2, "two" }, { 0, NULL } };
	struct json_object *list;
	char text[16], small[7];

	(void)state;
	flags_print(text, sizeof(text), 5, words);
	assert_string_equal(text, "four,one");
	flags_print(text, sizeof(text), 8, words);
	assert_string_equal(text, "");
	flags_print(small, sizeof(small), 7, words);
	assert_string_equal(small, "four,o");
	list = flags_json(3, words);
	assert_string_equal(json_object_to_json_string_ext(list, JSON_C_TO_STRING_PLAIN), "[\"one\",\"two\"]");
	json_object_put(list);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_those_of_a_terminal),
		cmocka_unit_test(an_end_is_cut),
		cmocka_unit_test(of_a_path_the_middle_is_cut),
		cmocka_unit_test(a_command_keeps_its_program),
		cmocka_unit_test(arguments_are_quoted_as_for_a_shell),
		cmocka_unit_test(json_has_text_as_it_is),
		cmocka_unit_test(json_has_texts_as_they_are),
		cmocka_unit_test(flags_have_words_in_the_order_of_the_list),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
