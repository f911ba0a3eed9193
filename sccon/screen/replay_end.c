// SPDX-License-Identifier: GPL-2.0-or-later
/* What a console has set, for who attaches. Most of it libvterm tells when it is asked as a terminal is. */
#include <string.h>
#include "cells.h"
#include "replay.h"

/* --- modes */

/* ECMA-48 has no way to ask; DECRQM has. */
static bool is_set(struct screen *screen, unsigned int number)
{
	char question[16];
	unsigned int answered = 0, value = 0;
	int size = snprintf(question, sizeof(question), "\x1b[?%u$p", number);

	screen->answer_size = 0;
	vterm_input_write(screen->terminal, question, (size_t)size);
	return sscanf(screen->answer, "\x1b[?%u;%u$y", &answered, &value) == 2 && answered == number && value == 1;
}

/* Whether a key gives these bytes: libvterm does not tell the mode of the keypad. */
static bool gives(struct screen *screen, VTermKey key, const char *bytes)
{
	screen->answer_size = 0;
	vterm_keyboard_key(screen->terminal, key, VTERM_MOD_NONE);
	return screen->answer_size == strlen(bytes) && !memcmp(screen->answer, bytes, screen->answer_size);
}

/* The keys of the cursor; pasted text; mice, and how they speak; whether the terminal has the focus. */
static const unsigned int input_modes[] = { 1, 2004, 1000, 1002, 1003, 1004, 1005, 1006, 1015 };

/* All are off before one is on: mice have one mode, by many numbers. */
static void put_input_modes(struct screen *screen, FILE *out)
{
	for (size_t i = 0; i < sizeof(input_modes) / sizeof(*input_modes); i++)
		fprintf(out, "\x1b[?%ul", input_modes[i]);
	for (size_t i = 0; i < sizeof(input_modes) / sizeof(*input_modes); i++)
		if (is_set(screen, input_modes[i]))
			fprintf(out, "\x1b[?%uh", input_modes[i]);
	fputs(gives(screen, VTERM_KEY_KP_0, "\x1bOp") ? "\x1b=" : "\x1b>", out);
}

/* What changes how characters are drawn; put_begin has switched it off. */
static void put_output_modes(struct screen *screen, FILE *out)
{
	static const char *const shifts[] = { "", "\x0e", "\x1bn", "\x1bo" };
	const struct modes *modes = &screen->filter.modes;

	if (!is_set(screen, 7))
		fputs("\x1b[?7l", out);
	if (modes->is_inserting)
		fputs("\x1b[4h", out);
	if (modes->is_returning)
		fputs("\x1b[20h", out);
	for (int i = 0; i < MODES_SETS; i++)
		if (modes->sets[i] && (i || modes->sets[i] != 'B'))
			fprintf(out, "\x1b%c%c", "()*+"[i], modes->sets[i]);
	fputs(shifts[modes->shift], out);
}

/* --- the cursor, and where lines scroll */

struct region {
	int first, last;
};

/* Of the screen's rows. */
static struct region region_of(struct screen *screen)
{
	static const char question[] = "\x1bP$qr\x1b\\";
	struct region region = { 1, (int)screen->rows };

	screen->answer_size = 0;
	vterm_input_write(screen->terminal, question, sizeof(question) - 1);
	sscanf(screen->answer, "\x1bP1$r%d;%dr", &region.first, &region.last);
	return (struct region){ region.first - 1, region.last - 1 };
}

/* The part of it that is drawn. Without one the region is the terminal's whole screen. */
static struct region put_region(struct screen *screen, const struct view *view, FILE *out)
{
	struct region whole = { 0, (int)screen->rows - 1 }, region = region_of(screen);

	if (region.first <= whole.first && region.last >= whole.last)
		return whole;
	region.first = region.first > view->first ? region.first - view->first : 0;
	region.last = region.last < view->first + view->rows ? region.last - view->first : view->rows - 1;
	if (region.first >= region.last)
		return whole;
	fprintf(out, "\x1b[%d;%dr", region.first + 1, region.last + 1);
	return region;
}

static void put_cursor(struct screen *screen, const struct view *view, FILE *out)
{
	struct region region = put_region(screen, view, out);
	int most;
	VTermPos cursor;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->terminal), &cursor);
	most = replay_columns(screen, view, cursor.row) - 1;
	if (view->columns < (int)screen->columns && cursor.col > most)
		cursor.col = most > 0 ? most : 0;
	cursor.row -= view->first;
	if (is_set(screen, 6)) {
		/* Rows are counted from the region's first one then. */
		fputs("\x1b[?6h", out);
		cursor.row = cursor.row > region.first ? cursor.row - region.first : 0;
	}
	fprintf(out, "\x1b[%d;%dH\x1b[?25%c", cursor.row + 1, cursor.col + 1, screen->is_cursor_visible ? 'h' : 'l');
}

/* --- attributes */

static VTermValue attribute(const VTermState *state, VTermAttr name)
{
	VTermValue value = { 0 };

	vterm_state_get_penattr(state, name, &value);
	return value;
}

static VTermScreenCell pen_of(const struct screen *screen)
{
	const VTermState *state = vterm_obtain_state(screen->terminal);
	VTermScreenCell cell;

	memset(&cell, 0, sizeof(cell));
	cell.attrs.bold = attribute(state, VTERM_ATTR_BOLD).boolean & 1;
	cell.attrs.underline = attribute(state, VTERM_ATTR_UNDERLINE).number & 3;
	cell.attrs.italic = attribute(state, VTERM_ATTR_ITALIC).boolean & 1;
	cell.attrs.blink = attribute(state, VTERM_ATTR_BLINK).boolean & 1;
	cell.attrs.reverse = attribute(state, VTERM_ATTR_REVERSE).boolean & 1;
	cell.attrs.strike = attribute(state, VTERM_ATTR_STRIKE).boolean & 1;
	cell.attrs.font = attribute(state, VTERM_ATTR_FONT).number & 0xf;
	cell.fg = attribute(state, VTERM_ATTR_FOREGROUND).color;
	cell.bg = attribute(state, VTERM_ATTR_BACKGROUND).color;
	return cell;
}

void replay_put_end(struct screen *screen, const struct view *view, FILE *out)
{
	VTermScreenCell pen = pen_of(screen);

	put_input_modes(screen, out);
	cells_put_pen(out, &pen);
	put_cursor(screen, view, out);
	put_output_modes(screen, out);
	screen->answer_size = 0;
}
