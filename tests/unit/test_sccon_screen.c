// SPDX-License-Identifier: GPL-2.0-or-later
/* What the screen of a console shows, and the bytes that draw it on another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sccon/screen/screen.h"

#define BEGIN "\x1b[0m\x1b[?6l\x1b[r\x1b[4l\x1b(B\x0f\x1b[?7h\x1b[?5l\x1b[H\x1b[2J"
#define END "\x1b[?1l\x1b>\x1b[?2004l"

static struct screen *screen_of(unsigned int rows, unsigned int columns, unsigned int scrollback, const char *text)
{
	struct screen *screen = screen_new(rows, columns, scrollback);

	assert_non_null(screen);
	screen_put(screen, text, strlen(text));
	return screen;
}

static char *replay(struct screen *screen, size_t most)
{
	size_t size;
	void *bytes;
	char *text;

	assert_int_equal(screen_replay(screen, most, &bytes, &size), 0);
	assert_true(size <= most);
	text = calloc(1, size + 1);
	memcpy(text, bytes, size);
	free(bytes);
	assert_int_equal(strlen(text), size);
	return text;
}

static void draws(const char *text, const char *wanted)
{
	struct screen *screen = screen_of(2, 8, 0, text);
	char *drawn = replay(screen, 65536);

	assert_string_equal(drawn, wanted);
	free(drawn);
	screen_free(screen);
}

static void a_screen_is_drawn(void **state)
{
	(void)state;
	draws("", BEGIN "\x1b[1;1H\x1b[2;1H" END "\x1b[0m\x1b[1;1H\x1b[?25h");
	draws("one\r\n two", BEGIN "\x1b[1;1Hone\x1b[2;1H two" END "\x1b[0m\x1b[2;5H\x1b[?25h");
	draws("\x1b[1;31mred\x1b[0m x",
		BEGIN "\x1b[1;1H\x1b[0;1;31mred\x1b[0m x\x1b[2;1H" END "\x1b[0m\x1b[1;6H\x1b[?25h");
	/* Colours of 16, of 256, and any; and what the next character has. */
	draws("\x1b[93ma\x1b[48;5;100mb\x1b[38;2;1;2;3mc",
		BEGIN "\x1b[1;1H\x1b[0;93ma\x1b[0;93;48;5;100mb\x1b[0;38;2;1;2;3;48;5;100mc\x1b[0m\x1b[2;1H" END
		"\x1b[0;38;2;1;2;3;48;5;100m\x1b[1;4H\x1b[?25h");
	/* The alternate screen, without a cursor, with the keys of an application and marked pastes. */
	draws("shell\x1b[?1049h\x1b[?25l\x1b[?1h\x1b=\x1b[?2004h\x1b[2;3Hvi",
		BEGIN "\x1b[?1049h\x1b[H\x1b[2J\x1b[1;1H\x1b[2;1H  vi\x1b[?1h\x1b=\x1b[?2004h\x1b[0m\x1b[2;5H\x1b[?25l");
	/* Wide and combined characters: the cursor is put where it must be behind them. */
	draws("\xe4\xb8\xad" "ae\xcc\x81" "b",
		BEGIN "\x1b[1;1H\xe4\xb8\xad\x1b[3Gae\xcc\x81\x1b[5Gb\x1b[2;1H" END "\x1b[0m\x1b[1;6H\x1b[?25h");
}

static void what_could_control_a_terminal_is_not_drawn(void **state)
{
	(void)state;
	/* Characters that turn the writing direction: one that takes no column, and one that does. */
	draws("a\xe2\x80\xae" "b",
		BEGIN "\x1b[1;1Ha\x1b[2Gb\x1b[2;1H" END "\x1b[0m\x1b[1;3H\x1b[?25h");
	draws("a\xe2\x81\xa6" "b",
		BEGIN "\x1b[1;1Ha\xef\xbf\xbd\x1b[3Gb\x1b[2;1H" END "\x1b[0m\x1b[1;4H\x1b[?25h");
	/* Titles, queries and strings to the terminal do nothing. */
	draws("\x1b]0;title\x07\x1b[6n\x1bP$qm\x1b\\\x1b]52;c;AAAA\x07\x05x",
		BEGIN "\x1b[1;1Hx\x1b[2;1H" END "\x1b[0m\x1b[1;2H\x1b[?25h");
}

/* Drawn on another screen, it is the same. */
static void is_same_drawn_again(const char *text)
{
	struct screen *screen = screen_of(5, 12, 0, text), *other;
	char *drawn = replay(screen, 65536), *again;

	other = screen_of(5, 12, 0, drawn);
	again = replay(other, 65536);
	assert_string_equal(again, drawn);
	free(drawn);
	free(again);
	screen_free(screen);
	screen_free(other);
}

static void what_is_drawn_is_drawn_the_same_again(void **state)
{
	(void)state;
	is_same_drawn_again("\x1b[44m\x1b[2J\x1b[3;3Hblue\x1b[7m reverse \x1b[4:3mcurly");
	is_same_drawn_again("\x1b[?5h\x1b[5;12Hx");
	is_same_drawn_again("\x1b#6wide\r\n\x1b#3top\r\n\x1b#4bottom");
	is_same_drawn_again("0123456789a\xe4\xb8\xad\xe4\xb8\xad\x1b[2;2Hx");
	is_same_drawn_again("\x1b(0lqqk\x1b(B\x1b[1m\x1b[3m\x1b[5m\x1b[9m\x1b[12mx");
	is_same_drawn_again("1\n2\n3\n4\n5\n6\x1b[2;4r\x1b[?6h\x1b[1;1Hregion");
}

static void lines_that_left_the_screen_come_before_it(void **state)
{
	struct screen *screen = screen_of(2, 8, 3, "one\r\ntwo\r\n\x1b[1mthree\x1b[m\r\nfour\r\nfive\r\nsix");
	char *drawn = replay(screen, 65536);

	(void)state;
	assert_string_equal(drawn,
		BEGIN "two\r\n\x1b[0;1mthree\x1b[0m\r\nfour\r\n\r\n\x1b[H\x1b[2J\x1b[1;1Hfive\x1b[2;1Hsix" END "\x1b[0m\x1b[2;4H\x1b[?25h");
	free(drawn);
	screen_free(screen);
	/* What leaves the alternate screen is nothing to keep. */
	screen = screen_of(2, 8, 3, "one\r\n\x1b[?1049h" "a\r\nb\r\nc\r\nd\x1b[?1049l");
	drawn = replay(screen, 65536);
	assert_string_equal(drawn, BEGIN "\x1b[1;1Hone\x1b[2;1H" END "\x1b[0m\x1b[2;1H\x1b[?25h");
	free(drawn);
	screen_free(screen);
}

static void a_replay_has_its_bound(void **state)
{
	struct screen *screen = screen_new(SCREEN_ROWS_MAX, SCREEN_COLUMNS_MAX, SCREEN_SCROLLBACK_MAX);
	char *drawn, text[64];

	(void)state;
	for (unsigned int i = 0; i < 2000; i++) {
		snprintf(text, sizeof(text), "\x1b[3%um%06u\x1b[m\r\n", i % 8, i);
		screen_put(screen, text, strlen(text));
	}
	drawn = replay(screen, 30000);
	/* All of the screen, and the last lines above it. */
	assert_null(strstr(drawn, "000000"));
	assert_non_null(strstr(drawn, "001700"));
	assert_non_null(strstr(drawn, "\x1b[0;37m001999\x1b[0m"));
	free(drawn);
	drawn = replay(screen, 6000);
	assert_non_null(strstr(drawn, "001999"));
	assert_null(strstr(drawn, "m001999"));
	free(drawn);
	drawn = replay(screen, SCREEN_REPLAY_LEAST);
	assert_non_null(strstr(drawn, "001701"));
	assert_null(strstr(drawn, "001999"));
	assert_non_null(strstr(drawn, "\x1b[?25h"));
	free(drawn);
	screen_free(screen);
}

static void what_libvterm_cannot_take_does_not_reach_it(void **state)
{
	(void)state;
	/* A repetition of nothing, of a character, and of more than there is room for. */
	draws("\x1b[5b\x1b[3bx\x1b[2b", BEGIN "\x1b[1;1Hxxx\x1b[2;1H" END "\x1b[0m\x1b[1;4H\x1b[?25h");
	draws("\xcc\x81\x1b[5b\xe4\xb8\xad\x1b[9b", BEGIN "\x1b[1;1H\xe4\xb8\xad\x1b[2;1H" END "\x1b[0m\x1b[1;3H\x1b[?25h");
	/* C1 controls, as bytes and in UTF-8, and what is no UTF-8. */
	draws("a\xc2\x9b\x9b" "b", BEGIN "\x1b[1;1Ha\xef\xbf\xbd\x1b[3G\xef\xbf\xbd\x1b[4Gb\x1b[2;1H" END "\x1b[0m\x1b[1;5H\x1b[?25h");
	/* Sequences that libvterm would take for the beginning of others. */
	draws("\x1b'[;;;;;;;;;;;;;;;;;;;;m\x1b(P\x1b[1?2m\x1b[ 1m\x1b[;;;;;;;;;;;;;;;;;;;;mx",
		BEGIN "\x1b[1;1H;;;;;;;;\x1b[2;1H;;;;mx" END "\x1b[0m\x1b[2;7H\x1b[?25h");
	/* A scrolling region out of the screen. */
	draws("\x1b[9999r\x1b[2;1Hx\r\n\x1b[3;9r\n\x1b[sy", BEGIN "\x1b[1;1H\x1b[2;1Hy" END "\x1b[0m\x1b[2;2H\x1b[?25h");
	/* Numbers without an end, too many of them, and what is cancelled. */
	draws("\x1b[99999999999999999999Ca\x1b[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1H\x1b[3\x18x",
		BEGIN "\x1b[1;1H       a\x1b[2;1Hx" END "\x1b[0m\x1b[2;2H\x1b[?25h");
}

static void many_combining_characters_are_bounded(void **state)
{
	struct screen *screen = screen_of(2, 8, 0, "e");
	char *drawn;

	(void)state;
	for (unsigned int i = 0; i < 1000000; i++)
		screen_put(screen, "\xcc\x81", 2);
	screen_put(screen, "x", 1);
	drawn = replay(screen, 65536);
	assert_non_null(strstr(drawn, "x"));
	free(drawn);
	screen_free(screen);
}

static void another_size_keeps_what_has_room(void **state)
{
	struct screen *screen = screen_of(4, 8, 10, "1\r\n2\r\n3\r\n4");
	unsigned int rows, columns;
	char *drawn;

	(void)state;
	screen_resize(screen, 2, 20);
	screen_put(screen, " more of it", 11);
	drawn = replay(screen, 65536);
	assert_non_null(strstr(drawn, "\x1b[1;1H3\x1b[2;1H4 more of it"));
	free(drawn);
	/* The cursor stays on the screen when what is below it makes the rows above go. */
	screen_put(screen, "\x1b[2;1Hlast\x1b[1;3H", 16);
	screen_resize(screen, 1, 20);
	screen_put(screen, "x", 1);
	drawn = replay(screen, 65536);
	assert_non_null(strstr(drawn, "\x1b[1;4H\x1b[?25h"));
	free(drawn);
	screen_resize(screen, 0, 100000);
	screen_size(screen, &rows, &columns);
	assert_int_equal(rows, 1);
	assert_int_equal(columns, SCREEN_COLUMNS_MAX);
	free(replay(screen, 65536));
	screen_resize(screen, 3, 1);
	screen_put(screen, "a\xe4\xb8\xad" "b\xe4\xb8\xad\x1b#6\xe4\xb8\xad", 14);
	free(replay(screen, 65536));
	screen_free(screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_screen_is_drawn),
		cmocka_unit_test(what_could_control_a_terminal_is_not_drawn),
		cmocka_unit_test(what_is_drawn_is_drawn_the_same_again),
		cmocka_unit_test(lines_that_left_the_screen_come_before_it),
		cmocka_unit_test(a_replay_has_its_bound),
		cmocka_unit_test(what_libvterm_cannot_take_does_not_reach_it),
		cmocka_unit_test(many_combining_characters_are_bounded),
		cmocka_unit_test(another_size_keeps_what_has_room),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
