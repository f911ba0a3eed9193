// SPDX-License-Identifier: GPL-2.0-or-later
/* A screen as bytes that draw it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cells.h"
#include "replay.h"

/* What put_begin and put_scrollback put in any case. */
enum { BEGIN_MOST = 128 };

/* Which part of the screen a smaller terminal shows. */
static struct view view_of(const struct screen *screen, struct screen_window window)
{
	struct view view = { .rows = (int)screen->rows, .columns = (int)screen->columns };
	VTermPos cursor;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->terminal), &cursor);
	if (window.rows && window.rows < screen->rows)
		view.rows = window.rows;
	if (window.columns && window.columns < screen->columns)
		view.columns = window.columns;
	/* The first rows, as far as the one with the cursor is among them. */
	view.first = cursor.row < view.rows ? 0 : cursor.row - view.rows + 1;
	return view;
}

/* --- rows */

static void put_line_size(const struct screen *screen, FILE *out, int row)
{
	const VTermLineInfo *line = vterm_state_get_lineinfo(vterm_obtain_state(screen->terminal), row);

	if (line->doublewidth)
		fprintf(out, "\x1b#%c", line->doubleheight == 1 ? '3' : line->doubleheight == 2 ? '4' : '6');
}

int replay_columns(const struct screen *screen, const struct view *view, int row)
{
	return vterm_state_get_lineinfo(vterm_obtain_state(screen->terminal), row)->doublewidth ? view->columns / 2 : view->columns;
}

static void put_row(const struct screen *screen, FILE *out, const struct view *view, int row, bool is_plain)
{
	VTermScreenCell cells[SCREEN_COLUMNS_MAX];
	int columns = replay_columns(screen, view, row);

	fprintf(out, "\x1b[%d;1H", row - view->first + 1);
	put_line_size(screen, out, row);
	for (int column = 0; column < columns; column++) {
		vterm_screen_get_cell(screen->cells, (VTermPos){ .row = row, .col = column }, &cells[column]);
	}
	cells_put(out, cells, columns, screen->is_reverse, is_plain);
}

/* --- the whole */

/* Attributes off; no alternate screen, no origin, no region, no insertion, line feeds alone; ASCII in G0; cleared. */
static void put_begin(const struct screen *screen, FILE *out)
{
	fputs("\x1b[0m\x1b[?1047l\x1b[?6l\x1b[r\x1b[4l\x1b[20l\x1b(B\x0f\x1b[?7h", out);
	fputs(screen->is_reverse ? "\x1b[?5h" : "\x1b[?5l", out);
	fputs("\x1b[H\x1b[2J", out);
}

/* The lines that fit, and then as many ends of lines as it takes to put them above the screen. */
static void put_scrollback(const struct screen *screen, FILE *out, unsigned int rows, size_t most)
{
	const struct scrollback_line *line;
	size_t size = screen->line_bytes;

	if (most < 2 * (size_t)rows)
		return;
	most -= 2 * (size_t)rows;
	STAILQ_FOREACH(line, &screen->lines, next) {
		if (size <= most)
			fwrite(line->bytes, 1, line->size, out);
		else
			size -= line->size;
	}
	if (!size)
		return;
	for (unsigned int row = 0; row + 1 < rows; row++)
		fputs("\r\n", out);
	fputs("\x1b[H\x1b[2J", out);
}

/* The rows and the end, with at most so many bytes; *is_whole: all rows are there. */
static int make_screen(
	struct screen *screen, const struct view *view, size_t most, bool is_plain, char **bytes, size_t *size, bool *is_whole)
{
	FILE *out = open_memstream(bytes, size);
	long before = 0;

	*is_whole = true;
	if (!out)
		return -ENOMEM;
	if (screen->is_alternate)
		fputs("\x1b[?1049h\x1b[H\x1b[2J", out);
	for (int row = view->first; row < view->first + view->rows && *is_whole; row++) {
		before = ftell(out);
		put_row(screen, out, view, row, is_plain);
		*is_whole = ftell(out) >= 0 && (size_t)ftell(out) + REPLAY_END_MOST <= most;
	}
	if (!*is_whole)
		fseek(out, before, SEEK_SET);
	replay_put_end(screen, view, out);
	if (!fclose(out))
		return 0;
	free(*bytes);
	return -ENOMEM;
}

static int join(struct screen *screen, unsigned int rows, size_t most, const char *drawn, size_t drawn_size, void **bytes,
	size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		return -ENOMEM;
	put_begin(screen, out);
	put_scrollback(screen, out, rows, most - BEGIN_MOST > drawn_size ? most - BEGIN_MOST - drawn_size : 0);
	fwrite(drawn, 1, drawn_size, out);
	if (fclose(out)) {
		free(text);
		return -ENOMEM;
	}
	*bytes = text;
	return 0;
}

int screen_replay(struct screen *screen, struct screen_window window, size_t most, void **bytes, size_t *size)
{
	struct view view = view_of(screen, window);
	size_t drawn_size;
	bool is_whole;
	char *drawn;
	int err = make_screen(screen, &view, most - BEGIN_MOST, false, &drawn, &drawn_size, &is_whole);

	if (!err && !is_whole) {
		free(drawn);
		err = make_screen(screen, &view, most - BEGIN_MOST, true, &drawn, &drawn_size, &is_whole);
	}
	if (err)
		return err;
	err = join(screen, window.rows ? window.rows : screen->rows, most, drawn, drawn_size, bytes, size);
	free(drawn);
	return err;
}
