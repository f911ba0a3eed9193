// SPDX-License-Identifier: GPL-2.0-or-later
/* What is typed at a console: bytes for the machine, and escapes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "sccon/cli/escape.h"

/* All that is typed: what goes to the machine, with each action as <NUMBER> in its place. */
static const char *typed(int character, const char *text)
{
	static char all[256];
	struct escape escape = { .character = character };
	size_t size = strlen(text), length = 0;

	for (size_t at = 0; at < size;) {
		enum escape_action action;
		size_t count;

		at += escape_take(&escape, text + at, size - at, all + length, &count, &action);
		length += count;
		if (action)
			length += (size_t)snprintf(all + length, sizeof(all) - length, "<%d>", (int)action);
	}
	all[length] = '\0';
	return all;
}

static void test_actions(void **state)
{
	(void)state;
	assert_string_equal(typed('~', "~."), "<1>");
	assert_string_equal(typed('~', "~?~b~B~w~f~r~\032"), "<2><3><3><4><5><6><7>");
	assert_string_equal(typed('~', "a~.\r~."), "a~.\r<1>");
	assert_string_equal(typed('~', "a\n~bc~b"), "a\n<3>c~b");
}

static void test_bytes(void **state)
{
	(void)state;
	assert_string_equal(typed('~', "~~."), "~.");
	assert_string_equal(typed('~', "~~\r~."), "~\r<1>");
	assert_string_equal(typed('~', "~x~."), "~x~.");
	/* What is no escape is passed on, and may begin a line. */
	assert_string_equal(typed('~', "~\r~."), "~\r<1>");
	assert_string_equal(typed(ESCAPE_NONE, "~.\r~."), "~.\r~.");
	assert_string_equal(typed(0x1d, "~.\r\035."), "~.\r<1>");
	/* The character itself wins. */
	assert_string_equal(typed('.', "..a\r.?"), ".a\r<2>");
	assert_string_equal(typed('~', "\377\r~\377"), "\377\r~\377");
}

static void test_parse(void **state)
{
	int character = 0;
	char text[8];

	(void)state;
	assert_int_equal(escape_parse("~", &character), 0);
	assert_int_equal(character, '~');
	assert_int_equal(escape_parse("^]", &character), 0);
	assert_int_equal(character, 0x1d);
	escape_print(text, character);
	assert_string_equal(text, "^]");
	assert_int_equal(escape_parse("^", &character), 0);
	assert_int_equal(character, '^');
	escape_print(text, character);
	assert_string_equal(text, "^");
	assert_int_equal(escape_parse("none", &character), 0);
	assert_int_equal(character, ESCAPE_NONE);
	assert_int_equal(escape_parse("", &character), -EINVAL);
	assert_int_equal(escape_parse("ab", &character), -EINVAL);
	assert_int_equal(escape_parse("\r", &character), -EINVAL);
	assert_int_equal(escape_parse("\303\244", &character), -EINVAL);
	assert_int_equal(escape_parse("\344", &character), -EINVAL);
	assert_int_equal(escape_parse("\177", &character), -EINVAL);
	assert_int_equal(escape_parse("^a", &character), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
