// SPDX-License-Identifier: GPL-2.0-or-later
#include "cells.h"
#include <string.h>
#include <wchar.h>
#include "../../lib/text/text.h"

/* The second cell of a wide character. */
#define CONTINUATION ((uint32_t)-1)

static void put_character(FILE *out, uint32_t character)
{
	if (character > 0x10ffff || (character >= 0xd800 && character < 0xe000) || !is_harmless(character))
		character = 0xfffd;
	if (character < 0x80) {
		putc((int)character, out);
	} else if (character < 0x800) {
		putc((int)(0xc0 | character >> 6), out);
		putc((int)(0x80 | (character & 0x3f)), out);
	} else if (character < 0x10000) {
		putc((int)(0xe0 | character >> 12), out);
		putc((int)(0x80 | (character >> 6 & 0x3f)), out);
		putc((int)(0x80 | (character & 0x3f)), out);
	} else {
		putc((int)(0xf0 | character >> 18), out);
		putc((int)(0x80 | (character >> 12 & 0x3f)), out);
		putc((int)(0x80 | (character >> 6 & 0x3f)), out);
		putc((int)(0x80 | (character & 0x3f)), out);
	}
}

/* --- attributes */

/* base: 30 for the foreground, 40 for the background. */
static void put_colour(FILE *out, const VTermColor *colour, int base, bool is_default)
{
	if (is_default)
		return;
	if (VTERM_COLOR_IS_RGB(colour))
		fprintf(out, ";%d;2;%u;%u;%u", base + 8, colour->rgb.red, colour->rgb.green, colour->rgb.blue);
	else if (colour->indexed.idx < 8)
		fprintf(out, ";%d", base + colour->indexed.idx);
	else if (colour->indexed.idx < 16)
		fprintf(out, ";%d", base + 60 + colour->indexed.idx - 8);
	else
		fprintf(out, ";%d;5;%u", base + 8, colour->indexed.idx);
}

void cells_put_pen(FILE *out, const VTermScreenCell *cell)
{
	static const char *const underlines[] = { "", ";4", ";21", ";4:3" };

	fputs("\x1b[0", out);
	if (cell->attrs.bold)
		fputs(";1", out);
	if (cell->attrs.italic)
		fputs(";3", out);
	fputs(underlines[cell->attrs.underline & 3], out);
	if (cell->attrs.blink)
		fputs(";5", out);
	if (cell->attrs.reverse)
		fputs(";7", out);
	if (cell->attrs.strike)
		fputs(";9", out);
	if (cell->attrs.font && cell->attrs.font < 10)
		fprintf(out, ";%d", 10 + cell->attrs.font);
#if VTERM_VERSION_MINOR >= 3
	if (cell->attrs.conceal)
		fputs(";8", out);
#endif
	put_colour(out, &cell->fg, 30, VTERM_COLOR_IS_DEFAULT_FG(&cell->fg));
	put_colour(out, &cell->bg, 40, VTERM_COLOR_IS_DEFAULT_BG(&cell->bg));
	putc('m', out);
}

static bool is_colour_same(const VTermColor *a, const VTermColor *b)
{
	const int defaults = VTERM_COLOR_DEFAULT_MASK;

	if ((a->type & defaults) || (b->type & defaults))
		return (a->type & defaults) == (b->type & defaults);
	return vterm_color_is_equal(a, b);
}

static bool is_pen_same(const VTermScreenCell *a, const VTermScreenCell *b)
{
	return a->attrs.bold == b->attrs.bold && a->attrs.underline == b->attrs.underline &&
	       a->attrs.italic == b->attrs.italic && a->attrs.blink == b->attrs.blink && a->attrs.reverse == b->attrs.reverse &&
	       a->attrs.strike == b->attrs.strike && a->attrs.font == b->attrs.font &&
#if VTERM_VERSION_MINOR >= 3
	       a->attrs.conceal == b->attrs.conceal &&
#endif
	       is_colour_same(&a->fg, &b->fg) && is_colour_same(&a->bg, &b->bg);
}

/* --- cells */

/* What a terminal has in a cell after it was cleared. */
static VTermScreenCell empty_cell(void)
{
	VTermScreenCell cell;

	memset(&cell, 0, sizeof(cell));
	cell.fg.type = VTERM_COLOR_DEFAULT_FG;
	cell.bg.type = VTERM_COLOR_DEFAULT_BG;
	return cell;
}

static bool is_blank(const VTermScreenCell *cell)
{
	return !cell->chars[0] || cell->chars[0] == CONTINUATION || (cell->chars[0] == ' ' && !cell->chars[1]);
}

/* How many columns a terminal is expected to give it, whatever the screen once had room for. */
static int width_of(const VTermScreenCell *cell)
{
	int width = is_blank(cell) || !is_harmless(cell->chars[0]) ? 1 : wcwidth((wchar_t)cell->chars[0]);

	return width < 0 ? 1 : width;
}

static void put_characters(FILE *out, const VTermScreenCell *cell)
{
	put_character(out, cell->chars[0]);
	/* What is left out here takes no column. */
	for (int i = 1; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
		if (is_harmless(cell->chars[i]) && !wcwidth((wchar_t)cell->chars[i]))
			put_character(out, cell->chars[i]);
}

/* How many of them are not what an empty row has at its end. */
static int without_end(const VTermScreenCell *cells, int count, bool is_reverse, bool is_plain)
{
	VTermScreenCell empty = empty_cell();

	empty.attrs.reverse = is_reverse;
	while (count) {
		const VTermScreenCell *last = &cells[count - 1];

		if (!is_blank(last) || last->chars[0] == CONTINUATION || (!is_plain && !is_pen_same(last, &empty)))
			break;
		count--;
	}
	return count;
}

void cells_put(FILE *out, const VTermScreenCell *cells, int count, bool is_reverse, bool is_plain)
{
	const VTermScreenCell empty = empty_cell();
	VTermScreenCell pen = empty;
	bool is_sure = true; /* where the terminal's cursor is */

	count = without_end(cells, count, is_reverse, is_plain);
	for (int column = 0; column < count; column++) {
		VTermScreenCell cell = cells[column];
		int width = width_of(&cell);
		bool is_wide = width == 2 && column + 1 < count && cells[column + 1].chars[0] == CONTINUATION;

		if (!is_sure)
			fprintf(out, "\x1b[%dG", column + 1);
		cell.attrs.reverse ^= is_reverse;
		if (!is_plain && !is_pen_same(&cell, &pen)) {
			cells_put_pen(out, &cell);
			pen = cell;
		}
		/* Half of a wide character, or one that would join what stands before it, is no character. */
		is_sure = is_blank(&cell) || (width != 1 && !is_wide);
		if (is_sure)
			putc(' ', out);
		else
			put_characters(out, &cell);
		/* Terminals differ in the width of some characters. */
		is_sure = is_sure || (cell.chars[0] < 0x80 && !cell.chars[1]);
		column += is_wide;
	}
	if (!is_pen_same(&pen, &empty))
		fputs("\x1b[0m", out);
}
