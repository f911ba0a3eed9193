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

#define BEGIN "\x1b[0m\x1b[?1047l\x1b[?6l\x1b[r\x1b[4l\x1b[20l\x1b(B\x0f\x1b[?7h\x1b[?5l\x1b[H\x1b[2J"
#define OFF "\x1b[?1l\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l"
#define END OFF "\x1b>"

static struct screen *screen_of(unsigned int rows, unsigned int columns, unsigned int scrollback, const char *text)
{
	struct screen *screen = screen_new(rows, columns, scrollback);

	assert_non_null(screen);
	screen_put(screen, text, strlen(text));
	return screen;
}

static char *replay_for(struct screen *screen, struct screen_window window, size_t most)
{
	size_t size;
	void *bytes;
	char *text;

	assert_int_equal(screen_replay(screen, window, most, &bytes, &size), 0);
	assert_true(size <= most);
	text = calloc(1, size + 1);
	memcpy(text, bytes, size);
	free(bytes);
	assert_int_equal(strlen(text), size);
	return text;
}

static char *replay(struct screen *screen, size_t most)
{
	return replay_for(screen, (struct screen_window){ 0 }, most);
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
		BEGIN "\x1b[?1049h\x1b[H\x1b[2J\x1b[1;1H\x1b[2;1H  vi" OFF "\x1b[?1h\x1b[?2004h\x1b=\x1b[0m\x1b[2;5H\x1b[?25l");
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

/* What comes next is drawn on both alike. */
static void goes_on_alike(const char *text, const char *next)
{
	struct screen *screen = screen_of(5, 12, 0, text), *other;
	char *drawn = replay(screen, 65536), *wanted;

	other = screen_of(5, 12, 0, drawn);
	free(drawn);
	screen_put(screen, next, strlen(next));
	screen_put(other, next, strlen(next));
	wanted = replay(screen, 65536);
	drawn = replay(other, 65536);
	assert_string_equal(drawn, wanted);
	free(drawn);
	free(wanted);
	screen_free(screen);
	screen_free(other);
}

static void what_comes_next_is_drawn_as_on_the_console(void **state)
{
	static const char rows[] = "1\r\n2\r\n3\r\n4\r\n5";

	(void)state;
	/* A region, in which lines scroll; with rows counted from it, and from the screen's first. */
	goes_on_alike("1\r\n2\r\n3\r\n4\r\n5\x1b[2;4r\x1b[4;1H", "x\r\ny\r\nz");
	goes_on_alike("1\r\n2\r\n3\r\n4\r\n5\x1b[2;4r\x1b[?6h\x1b[2;3H", "x\x1b[1;1Hy\x1b[9;9Hz\r\n!");
	goes_on_alike("1\r\n2\r\n3\x1b[?6h", "\x1b[2;4r\x1b[1;1Hx");
	/* Insertion, no wrapping, line feeds that return. */
	goes_on_alike("abc\r\x1b[4h", "xyz");
	goes_on_alike("abc\x1b[?7l", "defghijklmnopq");
	goes_on_alike("abc\x1b[20h", "\nx");
	goes_on_alike("abc\x1b[20;4h", "\nx\ry");
	goes_on_alike("abc\r\x1b[4h\x1b[!p", "x");
	goes_on_alike("abc\x1b[4h\x1b[20h\x1b" "c", "abc\rx\ny");
	goes_on_alike("abc\x1b[20h\x1b[!p", "\nx");
	/* What a private mode of that number does is something else. */
	goes_on_alike("abc\x1b[?4h", "\rx");
	/* Character sets. */
	goes_on_alike("\x1b(0", "lqk\x1b(Bq");
	goes_on_alike("\x1b)0\x0e", "lqk\x0fq");
	goes_on_alike("\x1b)0", "q\x0eq");
	goes_on_alike("\x1b*0\x1bn", "q\x0fq");
	goes_on_alike("\x1b+0\x1bo", "q\x0fq");
	goes_on_alike("\x1b(0\x1b[!p", "q");
	goes_on_alike("\x1b)0\x0e\x1b" "c", "q\x0eq");
	/* Several modes of one sequence. */
	goes_on_alike("\x1b[?7;1;2004l\x1b[?25;2004h", "0123456789abcdef");
	draws(rows, BEGIN "\x1b[1;1H4\x1b[2;1H5" END "\x1b[0m\x1b[2;2H\x1b[?25h");
}

static void modes_are_restored(void **state)
{
	static const char rows[] = "\x1b[1;1H\x1b[2;1H";
	static const struct {
		const char *text, *input, *output;
	} modes[] = {
		{ "\x1b[?1000h", "\x1b[?1000h", "" },
		{ "\x1b[?1002;1006h", "\x1b[?1002h\x1b[?1006h", "" },
		{ "\x1b[?1003h\x1b[?1004h\x1b[?1015h", "\x1b[?1003h\x1b[?1004h\x1b[?1015h", "" },
		{ "\x1b[?1003h\x1b[?1003l", "", "" },
		{ "\x1b[4h\x1b[20h\x1b[?7l", "", "\x1b[?7l\x1b[4h\x1b[20h" },
		{ "\x1b[4h\x1b[4l\x1b(0\x1b(B\x1b)A\x0e", "", "\x1b)A\x0e" },
		{ "\x1b)0\x0e\x1b[!p", "", "" },
		{ "\x1b[20h\x1b[!p", "", "\x1b[20h" },
		{ "\x1b[?4;20h", "", "" },
		{ "\x0e\x0f", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		char wanted[512];

		snprintf(wanted, sizeof(wanted), "%s%s%s%s\x1b>\x1b[0m\x1b[1;1H\x1b[?25h%s", BEGIN, rows, OFF, modes[i].input,
			modes[i].output);
		draws(modes[i].text, wanted);
	}
	/* The region, and the row in it. */
	draws("\x1b[1;1r\x1b[2;1H", BEGIN "\x1b[1;1H\x1b[2;1H" END "\x1b[0m\x1b[2;1H\x1b[?25h");
	draws("\x1b[1;2r\x1b[?6h\x1b[2;1H", BEGIN "\x1b[1;1H\x1b[2;1H" END "\x1b[0m\x1b[?6h\x1b[2;1H\x1b[?25h");
}

static void draws_for(unsigned int rows, unsigned int columns, const char *text, const char *wanted)
{
	struct screen *screen = screen_of(4, 8, 3, text);
	char *drawn = replay_for(screen, (struct screen_window){ rows, columns }, 65536);

	assert_string_equal(drawn, wanted);
	free(drawn);
	screen_free(screen);
}

static void a_smaller_terminal_has_a_part(void **state)
{
	(void)state;
	/* Columns, and the cursor's; half of a wide character is none. */
	draws_for(4, 4, "abcdefgh\r\n123\xe4\xb8\xad" "5",
		BEGIN "\x1b[1;1Habcd\x1b[2;1H123 \x1b[3;1H\x1b[4;1H" END "\x1b[0m\x1b[2;4H\x1b[?25h");
	draws_for(4, 1, "ab", BEGIN "\x1b[1;1Ha\x1b[2;1H\x1b[3;1H\x1b[4;1H" END "\x1b[0m\x1b[1;1H\x1b[?25h");
	draws_for(4, 4, "\x1b#6abcd", BEGIN "\x1b[1;1H\x1b#6ab\x1b[2;1H\x1b[3;1H\x1b[4;1H" END "\x1b[0m\x1b[1;2H\x1b[?25h");
	/* The first rows, if the cursor is among them. */
	draws_for(2, 8, "1\r\n2\r\n3\r\n4\x1b[2;1H", BEGIN "\x1b[1;1H1\x1b[2;1H2" END "\x1b[0m\x1b[2;1H\x1b[?25h");
	draws_for(2, 8, "1\r\n2\r\n3\r\n4\x1b[3;1H", BEGIN "\x1b[1;1H2\x1b[2;1H3" END "\x1b[0m\x1b[2;1H\x1b[?25h");
	draws_for(1, 8, "1\r\n2\r\n3\r\n4", BEGIN "\x1b[1;1H4" END "\x1b[0m\x1b[1;2H\x1b[?25h");
	/* The part of the region that is there. */
	draws_for(3, 8, "1\r\n2\r\n3\r\n4\x1b[2;4r\x1b[4;2H",
		BEGIN "\x1b[1;1H2\x1b[2;1H3\x1b[3;1H4" END "\x1b[0m\x1b[1;3r\x1b[3;2H\x1b[?25h");
	draws_for(3, 8, "1\r\n2\r\n3\r\n4\x1b[3;4r\x1b[?6h\x1b[2;2H",
		BEGIN "\x1b[1;1H2\x1b[2;1H3\x1b[3;1H4" END "\x1b[0m\x1b[2;3r\x1b[?6h\x1b[2;2H\x1b[?25h");
	draws_for(3, 8, "1\r\n2\r\n3\r\n4\x1b[2;4r\x1b[2;2H",
		BEGIN "\x1b[1;1H1\x1b[2;1H2\x1b[3;1H3" END "\x1b[0m\x1b[2;3r\x1b[2;2H\x1b[?25h");
	draws_for(1, 8, "1\x1b[1;3r\x1b[1;2H", BEGIN "\x1b[1;1H1" END "\x1b[0m\x1b[1;2H\x1b[?25h");
}

static void a_larger_terminal_has_all_lines_above(void **state)
{
	(void)state;
	draws_for(6, 20, "1\r\n2\r\n3\r\n4\r\n5",
		BEGIN "1\r\n\r\n\r\n\r\n\r\n\r\n\x1b[H\x1b[2J\x1b[1;1H2\x1b[2;1H3\x1b[3;1H4\x1b[4;1H5" END
		"\x1b[0m\x1b[4;2H\x1b[?25h");
	draws_for(2, 20, "1\r\n2\r\n3\r\n4\r\n5",
		BEGIN "1\r\n\r\n\x1b[H\x1b[2J\x1b[1;1H4\x1b[2;1H5" END "\x1b[0m\x1b[2;2H\x1b[?25h");
	/* One that has no room for the ends of lines that it would take has none. */
	draws_for(65535, 20, "1\r\n2\r\n3\r\n4\r\n5",
		BEGIN "\x1b[1;1H2\x1b[2;1H3\x1b[3;1H4\x1b[4;1H5" END "\x1b[0m\x1b[4;2H\x1b[?25h");
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
		cmocka_unit_test(what_comes_next_is_drawn_as_on_the_console),
		cmocka_unit_test(modes_are_restored),
		cmocka_unit_test(a_smaller_terminal_has_a_part),
		cmocka_unit_test(a_larger_terminal_has_all_lines_above),
		cmocka_unit_test(lines_that_left_the_screen_come_before_it),
		cmocka_unit_test(a_replay_has_its_bound),
		cmocka_unit_test(what_libvterm_cannot_take_does_not_reach_it),
		cmocka_unit_test(many_combining_characters_are_bounded),
		cmocka_unit_test(another_size_keeps_what_has_room),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
