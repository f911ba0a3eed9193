// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The input is what a console sends, in pieces, and now and then another size. Drawn on another screen, by libvterm too, it
 * shows the same, and so does what comes next; on a smaller one it shows the same part of it.
 */
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>
#include <wchar.h>
#include "lib/text/text.h"
#include "sccon/screen/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A macro, so that the line is known. */
#define require(is_right)                                                                          \
	do {                                                                                       \
		if (!(is_right)) {                                                                 \
			fprintf(stderr, "line %d: %s\n", __LINE__, #is_right);                     \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

static VTerm *terminal_new(unsigned int rows, unsigned int columns)
{
	VTerm *terminal = vterm_new((int)rows, (int)columns);
	VTermScreen *screen = vterm_obtain_screen(terminal);

	vterm_set_utf8(terminal, 1);
	vterm_screen_enable_altscreen(screen, 1);
	vterm_screen_reset(screen, 1);
	return terminal;
}

/* What a cell shows: 0 is nothing, or half of something. */
static uint32_t shown(const VTermScreenCell *cell)
{
	uint32_t character = cell->chars[0];

	if (character == (uint32_t)-1 || character == ' ')
		return 0;
	return character && !is_harmless(character) ? 0xfffd : character;
}

/* A character that has no room, or none at all, is left out. */
static bool is_odd(const VTermScreenCell *cell, uint32_t character)
{
	return character && wcwidth((wchar_t)character) != cell->width;
}

static void compare_cell(const VTermScreenCell *a, const VTermScreenCell *b)
{
	if (!is_odd(a, shown(a)))
		require(shown(a) == shown(b));
	require(a->attrs.bold == b->attrs.bold && a->attrs.underline == b->attrs.underline && a->attrs.italic == b->attrs.italic);
	require(a->attrs.blink == b->attrs.blink && a->attrs.reverse == b->attrs.reverse && a->attrs.strike == b->attrs.strike);
	require(VTERM_COLOR_IS_DEFAULT_FG(&a->fg) == VTERM_COLOR_IS_DEFAULT_FG(&b->fg));
	require(VTERM_COLOR_IS_DEFAULT_FG(&a->fg) || vterm_color_is_equal(&a->fg, &b->fg));
	require(VTERM_COLOR_IS_DEFAULT_BG(&a->bg) == VTERM_COLOR_IS_DEFAULT_BG(&b->bg));
	require(VTERM_COLOR_IS_DEFAULT_BG(&a->bg) || vterm_color_is_equal(&a->bg, &b->bg));
}

/*
 * Whether a character in the last column has another one upon it: libvterm joins them there only if they come at once in one
 * character set, and puts the second one into the next row otherwise.
 */
static bool is_joined_at_end(VTerm *terminal, int rows, int columns)
{
	VTermPos place = { 0 };
	VTermScreenCell cell;

	for (; place.row < rows; place.row++) {
		const VTermLineInfo *line = vterm_state_get_lineinfo(vterm_obtain_state(terminal), place.row);

		place.col = (line->doublewidth ? columns / 2 : columns) - 1;
		if (place.col < 0)
			continue;
		vterm_screen_get_cell(vterm_obtain_screen(terminal), place, &cell);
		if (cell.chars[0] && cell.chars[1])
			return true;
	}
	return false;
}

/*
 * Whether a cell has a character alone that libvterm would join to the one before: its tables and the C library's, by which the
 * screen is drawn, are of different versions of Unicode.
 */
static bool is_joined_elsewhere(VTerm *terminal, int rows, int columns)
{
	VTerm *other = terminal_new(1, 8);
	bool is_joined = false;
	VTermScreenCell cell;
	VTermPos place, cursor;

	for (place.row = 0; place.row < rows; place.row++)
		for (place.col = 0; place.col < columns; place.col++) {
			char text[16] = "\x1b[Ha";
			int size = 4;

			vterm_screen_get_cell(vterm_obtain_screen(terminal), place, &cell);
			if (shown(&cell) < 0x80 || shown(&cell) == 0xfffd)
				continue;
			size += (int)wcrtomb(text + size, (wchar_t)cell.chars[0], &(mbstate_t){ 0 });
			vterm_input_write(other, text, (size_t)size);
			vterm_state_get_cursorpos(vterm_obtain_state(other), &cursor);
			is_joined |= cursor.col < 2;
		}
	vterm_free(other);
	return is_joined;
}

/* What the second shows, of rows and columns, is what the first one has from the row top on. */
static void compare_part(VTerm *first, VTerm *second, int top, int rows, int columns)
{
	VTermScreen *a = vterm_obtain_screen(first), *b = vterm_obtain_screen(second);
	VTermPos place, other;

	for (place.row = top; place.row < top + rows; place.row++) {
		const VTermLineInfo *line = vterm_state_get_lineinfo(vterm_obtain_state(first), place.row);
		int seen = line->doublewidth ? columns / 2 : columns;

		other.row = place.row - top;
		for (place.col = 0; place.col < seen; place.col++) {
			VTermScreenCell one, two;

			other.col = place.col;
			vterm_screen_get_cell(a, place, &one);
			vterm_screen_get_cell(b, other, &two);
			/* The attributes of the second half of a character are seen nowhere; nor is half of one at the end. */
			if (one.chars[0] != (uint32_t)-1 && place.col + one.width <= seen)
				compare_cell(&one, &two);
		}
	}
}

static void compare(VTerm *first, VTerm *second, int rows, int columns)
{
	VTermPos place, other;

	vterm_state_get_cursorpos(vterm_obtain_state(first), &place);
	vterm_state_get_cursorpos(vterm_obtain_state(second), &other);
	require(place.row >= 0 && place.row < rows && place.col >= 0 && place.col < columns);
	/* A row that becomes twice as wide may leave the cursor behind its end. */
	require(place.row == other.row);
	require(place.col == other.col || vterm_state_get_lineinfo(vterm_obtain_state(first), place.row)->doublewidth);
	compare_part(first, second, 0, rows, columns);
}

/* A smaller terminal: rows and columns from the data. */
static void compare_smaller(struct screen *screen, unsigned int rows, unsigned int columns)
{
	struct screen_window window = { rows, columns };
	VTerm *small = terminal_new(rows, columns);
	VTermPos cursor, other;
	size_t size;
	void *drawn;
	int top;

	require(!screen_replay(screen, window, 1 << 20, &drawn, &size));
	vterm_input_write(small, drawn, size);
	vterm_state_get_cursorpos(vterm_obtain_state(screen->terminal), &cursor);
	vterm_state_get_cursorpos(vterm_obtain_state(small), &other);
	top = cursor.row < (int)rows ? 0 : cursor.row - (int)rows + 1;
	require(other.row == cursor.row - top);
	compare_part(screen->terminal, small, top, (int)rows, (int)columns);
	free(drawn);
	vterm_free(small);
}

/* Each cell has one character of a column, or none. */
static bool is_simple(VTerm *terminal, int rows, int columns)
{
	VTermScreenCell cell;
	VTermPos place;

	for (place.row = 0; place.row < rows; place.row++) {
		if (vterm_state_get_lineinfo(vterm_obtain_state(terminal), place.row)->doublewidth)
			return false;
		for (place.col = 0; place.col < columns; place.col++) {
			vterm_screen_get_cell(vterm_obtain_screen(terminal), place, &cell);
			if (cell.width != 1 || (cell.chars[0] && cell.chars[1]) || is_odd(&cell, shown(&cell)) ||
				(cell.chars[0] && !is_harmless(cell.chars[0])))
				return false;
		}
	}
	return true;
}

/* Modes, regions and character sets. */
static void compare_what_comes_next(struct screen *screen, struct screen *other, int rows, int columns)
{
	static const char next[] = "\rlqx\x0eq\x0fq\n\nabc\x1b[1;1Hz\x1b[999;3Hlqxlqxlqxlqxlqxlqxlqxlqxlqxlqxlqxlqx\r\n1\r\n2\r\n3";

	screen_put(screen, next, sizeof(next) - 1);
	screen_put(other, next, sizeof(next) - 1);
	compare(screen->terminal, other->terminal, rows, columns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int rows = 6, columns = 16;
	struct screen *screen, *other;
	VTerm *terminal;
	size_t piece, drawn_size;
	void *drawn;

	setlocale(LC_CTYPE, "C.UTF-8");
	screen = screen_new(rows, columns, 10);
	terminal = screen->terminal;
	for (size_t at = 0; at < size; at += piece) {
		piece = size - at < 64 ? size - at : 64;
		screen_put(screen, data + at, piece);
		if (data[at] >= 0xc0 && at % 128)
			screen_resize(screen, data[at] & 7, data[at] >> 1 & 31);
		screen_size(screen, &rows, &columns);
	}
	/* What is not whole is given up. */
	screen_put(screen, "\x18", 1);
	require(!screen_replay(screen, (struct screen_window){ 0 }, SCREEN_REPLAY_LEAST, &drawn, &drawn_size));
	require(drawn_size <= SCREEN_REPLAY_LEAST);
	free(drawn);
	require(!screen_replay(screen, (struct screen_window){ 0 }, 1 << 20, &drawn, &drawn_size));
	other = screen_new(rows, columns, 0);
	screen_put(other, drawn, drawn_size);
	free(drawn);
	if (!is_joined_at_end(terminal, (int)rows, (int)columns) && !is_joined_elsewhere(terminal, (int)rows, (int)columns)) {
		compare(terminal, other->terminal, (int)rows, (int)columns);
		if (is_simple(terminal, (int)rows, (int)columns)) {
			if (size > 1 && columns > 2)
				compare_smaller(screen, 1 + data[0] % rows, 2 + data[1] % (columns - 1));
			compare_what_comes_next(screen, other, (int)rows, (int)columns);
		}
	}
	screen_free(other);
	screen_free(screen);
	return 0;
}
