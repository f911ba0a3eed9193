// SPDX-License-Identifier: GPL-2.0-or-later
/* A screen as bytes that draw it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cells.h"
#include "internal.h"

/* --- the end: what the console does next has to go on from there */

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

/* Whether a key gives these bytes: libvterm does not tell the modes of the keyboard. */
static bool gives(struct screen *screen, VTermKey key, const char *bytes)
{
	screen->answer_size = 0;
	vterm_keyboard_key(screen->terminal, key, VTERM_MOD_NONE);
	return screen->answer_size == strlen(bytes) && !memcmp(screen->answer, bytes, screen->answer_size);
}

static void put_modes(struct screen *screen, FILE *out)
{
	fputs(gives(screen, VTERM_KEY_UP, "\x1bOA") ? "\x1b[?1h" : "\x1b[?1l", out);
	fputs(gives(screen, VTERM_KEY_KP_0, "\x1bOp") ? "\x1b=" : "\x1b>", out);
	screen->answer_size = 0;
	vterm_keyboard_start_paste(screen->terminal);
	fputs(screen->answer_size ? "\x1b[?2004h" : "\x1b[?2004l", out);
	screen->answer_size = 0;
}

static void put_end(struct screen *screen, FILE *out)
{
	VTermScreenCell pen = pen_of(screen);
	VTermPos cursor;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->terminal), &cursor);
	put_modes(screen, out);
	cells_put_pen(out, &pen);
	fprintf(out, "\x1b[%d;%dH\x1b[?25%c", cursor.row + 1, cursor.col + 1, screen->is_cursor_visible ? 'h' : 'l');
}

/* --- rows */

/* How many of the row's columns can be seen. */
static int put_line_size(const struct screen *screen, FILE *out, int row)
{
	const VTermLineInfo *line = vterm_state_get_lineinfo(vterm_obtain_state(screen->terminal), row);

	if (!line->doublewidth)
		return (int)screen->columns;
	fprintf(out, "\x1b#%c", line->doubleheight == 1 ? '3' : line->doubleheight == 2 ? '4' : '6');
	return (int)screen->columns / 2;
}

static void put_row(const struct screen *screen, FILE *out, int row, bool is_plain)
{
	VTermScreenCell cells[SCREEN_COLUMNS_MAX];
	int columns;

	fprintf(out, "\x1b[%d;1H", row + 1);
	columns = put_line_size(screen, out, row);
	for (int column = 0; column < columns; column++) {
		vterm_screen_get_cell(screen->cells, (VTermPos){ .row = row, .col = column }, &cells[column]);
	}
	cells_put(out, cells, columns, screen->is_reverse, is_plain);
}

/* --- the whole */

/* Attributes off; no origin, no region, no insertion; ASCII in G0; cleared. */
static void put_begin(const struct screen *screen, FILE *out)
{
	fputs("\x1b[0m\x1b[?6l\x1b[r\x1b[4l\x1b(B\x0f\x1b[?7h", out);
	fputs(screen->is_reverse ? "\x1b[?5h" : "\x1b[?5l", out);
	fputs("\x1b[H\x1b[2J", out);
}

/* The lines that fit, and then as many ends of lines as it takes to put them above the screen. */
static void put_scrollback(const struct screen *screen, FILE *out, size_t most)
{
	const struct scrollback_line *line;
	size_t size = screen->line_bytes;

	if (most < 2 * screen->rows)
		return;
	most -= 2 * screen->rows;
	STAILQ_FOREACH(line, &screen->lines, next) {
		if (size <= most)
			fwrite(line->bytes, 1, line->size, out);
		else
			size -= line->size;
	}
	if (!size)
		return;
	for (unsigned int row = 0; row + 1 < screen->rows; row++)
		fputs("\r\n", out);
	fputs("\x1b[H\x1b[2J", out);
}

/* The rows and the end, with at most so many bytes; *is_whole: all rows are there. */
static int make_screen(struct screen *screen, size_t most, bool is_plain, char **bytes, size_t *size, bool *is_whole)
{
	FILE *out = open_memstream(bytes, size);
	long before = 0;

	*is_whole = true;
	if (!out)
		return -ENOMEM;
	if (screen->is_alternate)
		fputs("\x1b[?1049h\x1b[H\x1b[2J", out);
	for (unsigned int row = 0; row < screen->rows && *is_whole; row++) {
		before = ftell(out);
		put_row(screen, out, (int)row, is_plain);
		/* The end needs less than this. */
		*is_whole = ftell(out) >= 0 && (size_t)ftell(out) + 256 <= most;
	}
	if (!*is_whole)
		fseek(out, before, SEEK_SET);
	put_end(screen, out);
	if (!fclose(out))
		return 0;
	free(*bytes);
	return -ENOMEM;
}

static int join(struct screen *screen, size_t most, const char *drawn, size_t drawn_size, void **bytes, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		return -ENOMEM;
	put_begin(screen, out);
	put_scrollback(screen, out, most - 128 > drawn_size ? most - 128 - drawn_size : 0);
	fwrite(drawn, 1, drawn_size, out);
	if (fclose(out)) {
		free(text);
		return -ENOMEM;
	}
	*bytes = text;
	return 0;
}

int screen_replay(struct screen *screen, size_t most, void **bytes, size_t *size)
{
	size_t drawn_size;
	bool is_whole;
	char *drawn;
	/* What put_begin and put_scrollback put in any case. */
	int err = make_screen(screen, most - 128, false, &drawn, &drawn_size, &is_whole);

	if (!err && !is_whole) {
		free(drawn);
		err = make_screen(screen, most - 128, true, &drawn, &drawn_size, &is_whole);
	}
	if (err)
		return err;
	err = join(screen, most, drawn, drawn_size, bytes, size);
	free(drawn);
	return err;
}
