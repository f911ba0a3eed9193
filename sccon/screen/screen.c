// SPDX-License-Identifier: GPL-2.0-or-later
/* libvterm's screen, and what it does not keep. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cells.h"
#include "internal.h"

static unsigned int within(unsigned int number, unsigned int least, unsigned int most)
{
	return number < least ? least : number > most ? most : number;
}

/* --- scrollback */

static void drop_oldest(struct screen *screen)
{
	struct scrollback_line *line = STAILQ_FIRST(&screen->lines);

	STAILQ_REMOVE_HEAD(&screen->lines, next);
	screen->line_count--;
	screen->line_bytes -= line->size;
	free(line);
}

/* A line that cannot be kept, because memory is short, is none that anybody misses. */
static int push_line(int columns, const VTermScreenCell *cells, void *context)
{
	struct screen *screen = context;
	struct scrollback_line *line;
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (!screen->scrollback)
		return 0;
	out = open_memstream(&text, &size);
	if (!out)
		return 0;
	cells_put(out, cells, columns, screen->is_reverse, false);
	fputs("\r\n", out);
	line = fclose(out) ? NULL : malloc(sizeof(*line) + size);
	if (line) {
		line->size = size;
		memcpy(line->bytes, text, size);
		STAILQ_INSERT_TAIL(&screen->lines, line, next);
		screen->line_count++;
		screen->line_bytes += size;
	}
	free(text);
	while (screen->line_count > screen->scrollback || screen->line_bytes > SCREEN_SCROLLBACK_BYTES)
		drop_oldest(screen);
	return 0;
}

/* --- what libvterm tells */

static int set_property(VTermProp property, VTermValue *value, void *context)
{
	struct screen *screen = context;

	switch (property) {
	case VTERM_PROP_CURSORVISIBLE:
		screen->is_cursor_visible = value->boolean;
		break;
	case VTERM_PROP_ALTSCREEN:
		screen->is_alternate = value->boolean;
		break;
	case VTERM_PROP_REVERSE:
		screen->is_reverse = value->boolean;
		break;
	default:
		break;
	}
	return 1;
}

static void take_answer(const char *bytes, size_t size, void *context)
{
	struct screen *screen = context;
	size_t room = sizeof(screen->answer) - 1 - screen->answer_size;

	if (size > room)
		size = room;
	memcpy(screen->answer + screen->answer_size, bytes, size);
	screen->answer_size += size;
	screen->answer[screen->answer_size] = '\0';
}

/* --- what libvterm is told */

static void take_bytes(void *context, const char *bytes, size_t size)
{
	struct screen *screen = context;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->terminal), &screen->cursor);
	vterm_input_write(screen->terminal, bytes, size);
}

static bool has_moved(void *context)
{
	struct screen *screen = context;
	VTermPos cursor;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->terminal), &cursor);
	return cursor.row != screen->cursor.row || cursor.col != screen->cursor.col;
}

static const VTermScreenCallbacks callbacks = { .settermprop = set_property, .sb_pushline = push_line };

/* --- the screen */

struct screen *screen_new(unsigned int rows, unsigned int columns, unsigned int scrollback)
{
	struct screen *screen = calloc(1, sizeof(*screen));

	if (!screen)
		return NULL;
	STAILQ_INIT(&screen->lines);
	screen->rows = within(rows, 1, SCREEN_ROWS_MAX);
	screen->columns = within(columns, SCREEN_COLUMNS_MIN, SCREEN_COLUMNS_MAX);
	screen->scrollback = scrollback < SCREEN_SCROLLBACK_MAX ? scrollback : SCREEN_SCROLLBACK_MAX;
	screen->is_cursor_visible = true;
	screen->filter = (struct filter){ .take = take_bytes, .has_moved = has_moved, .context = screen, .rows = screen->rows };
	screen->terminal = vterm_new((int)screen->rows, (int)screen->columns);
	if (!screen->terminal) {
		free(screen);
		return NULL;
	}
	vterm_set_utf8(screen->terminal, 1);
	vterm_output_set_callback(screen->terminal, take_answer, screen);
	screen->cells = vterm_obtain_screen(screen->terminal);
	vterm_screen_set_callbacks(screen->cells, &callbacks, screen);
	vterm_screen_enable_altscreen(screen->cells, 1);
	vterm_screen_reset(screen->cells, 1);
	return screen;
}

void screen_free(struct screen *screen)
{
	if (!screen)
		return;
	while (!STAILQ_EMPTY(&screen->lines))
		drop_oldest(screen);
	vterm_free(screen->terminal);
	free(screen);
}

void screen_put(struct screen *screen, const void *bytes, size_t size)
{
	screen->answer_size = 0;
	filter_put(&screen->filter, bytes, size);
}

/* libvterm 0.1 moves the cursor above the screen with what leaves it there, and would write to that place. */
static void keep_cursor_inside(struct screen *screen)
{
	VTermPos cursor;
	char text[32];
	int size;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->terminal), &cursor);
	if (cursor.row >= 0)
		return;
	size = snprintf(text, sizeof(text), "\x1b[1;%dH", cursor.col + 1);
	vterm_input_write(screen->terminal, text, (size_t)size);
}

/* A region that the new size has no room for is none: libvterm would keep it. */
static void forget_region(struct screen *screen)
{
	VTermPos cursor;
	char text[64];
	int size;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->terminal), &cursor);
	size = snprintf(text, sizeof(text), "\x1b[?6l\x1b[r\x1b[%d;%dH", cursor.row + 1, cursor.col + 1);
	vterm_input_write(screen->terminal, text, (size_t)size);
}

void screen_resize(struct screen *screen, unsigned int rows, unsigned int columns)
{
	forget_region(screen);
	screen->rows = within(rows, 1, SCREEN_ROWS_MAX);
	screen->columns = within(columns, SCREEN_COLUMNS_MIN, SCREEN_COLUMNS_MAX);
	screen->filter.rows = screen->rows;
	vterm_set_size(screen->terminal, (int)screen->rows, (int)screen->columns);
	keep_cursor_inside(screen);
}

void screen_size(const struct screen *screen, unsigned int *rows, unsigned int *columns)
{
	*rows = screen->rows;
	*columns = screen->columns;
}
