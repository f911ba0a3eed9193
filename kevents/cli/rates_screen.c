// SPDX-License-Identifier: GPL-2.0-or-later
/* The screen of --rates: as wide and as high as the terminal, never more. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/command/terminal.h"
#include "../../lib/text/columns.h"
#include "../../lib/text/text.h"
#include "rates.h"

/* Where there is less room than for full titles, they and the figures are brief. */
#define TITLE 16
#define BRIEF_TITLE 8
#define ROOM_FOR_TITLES 60
#define PROGRAM 16
#define FIGURE 14
#define BRIEF_FIGURE 9
#define NARROW_FIGURE 7

static struct {
	struct terminal_size size;
	size_t row; /* the next one */
	size_t column; /* in that row */
} screen;

/* Erasing begins with the row: behind its last column the cursor stands on that column. */
static bool begin_row(void)
{
	if (screen.row == screen.size.rows)
		return false;
	fputs(screen.row++ ? "\n\033[K" : "\033[H\033[K", stdout);
	screen.column = 0;
	return true;
}

/* As much as there is room for. text: safe. */
static void put(const char *text)
{
	size_t room = screen.size.columns > screen.column ? screen.size.columns - screen.column : 0;
	char *fitting = cut_end(text, room);

	if (fitting) {
		fputs(fitting, stdout);
		screen.column += text_columns(fitting);
	}
	free(fitting);
}

static void put_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void put_format(const char *format, ...)
{
	va_list arguments;
	char text[128];

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	put(text);
}

static double newest(const struct rates_frame *frame, size_t rate)
{
	return frame->history[rate][frame->length - 1];
}

static double highest(const struct rates_frame *frame, size_t rate)
{
	double high = 0;

	for (size_t i = 0; i < frame->length; i++)
		if (frame->history[rate][i] > high)
			high = frame->history[rate][i];
	return high;
}

/* A column an interval, in eighths of a line, in what is left of the row. */
static void put_plot(const struct rates_frame *frame, size_t rate)
{
	static const char *const bars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	size_t width = screen.size.columns > screen.column ? screen.size.columns - screen.column : 0;
	double high = highest(frame, rate);
	size_t first;

	if (width > RATES_HISTORY)
		width = RATES_HISTORY;
	first = frame->length > width ? frame->length - width : 0;
	for (size_t i = frame->length - first; i < width; i++)
		put(" ");
	for (size_t i = first; i < frame->length; i++) {
		double value = frame->history[rate][i];
		int eighths = high > 0 ? (int)(value / high * 8 + 0.5) : 0;

		if (value > 0 && !eighths)
			eighths = 1;
		put(bars[eighths]);
	}
}

static void put_rates(const struct rates_frame *frame)
{
	bool is_brief = screen.size.columns < ROOM_FOR_TITLES;
	int title = is_brief ? BRIEF_TITLE : TITLE, figure = is_brief ? BRIEF_FIGURE - 1 : 9;
	bool with_highest = screen.size.columns >= (size_t)(title + 2 * figure + 2);

	if (begin_row()) {
		put_format("%*s %*s", title, "", figure, "now");
		if (with_highest)
			put_format(" %*s", figure, "highest");
	}
	for (size_t i = 0; i < RATES; i++) {
		if (!frame->shown[i] || !begin_row())
			continue;
		put_format("%-*s %*.1f", title, is_brief ? rates[i].brief : rates[i].title, figure,
			newest(frame, i));
		if (!with_highest)
			continue;
		put_format(" %*.1f ", figure, highest(frame, i));
		put_plot(frame, i);
	}
}

/* How wide each figure is, so that as many as possible have room. */
static int figure_columns(const struct rates_frame *frame)
{
	size_t count = 0;

	for (size_t i = 0; i < UNSIGNED_LOADS; i++)
		count += frame->shown[i];
	if (PROGRAM + count * (FIGURE + 1) <= screen.size.columns)
		return FIGURE;
	return PROGRAM + count * (BRIEF_FIGURE + 1) <= screen.size.columns ? BRIEF_FIGURE :
									     NARROW_FIGURE;
}

static bool has_room(int columns)
{
	return screen.column + (size_t)columns <= screen.size.columns;
}

/* What leads to the right edge is left out as a column, in the head and below. */
static void put_programs(const struct rates_frame *frame, size_t count)
{
	int figure = figure_columns(frame);

	if (!count || !begin_row())
		return;
	put_format("%-*s", PROGRAM, "Program");
	for (size_t i = 0; i < UNSIGNED_LOADS; i++)
		if (frame->shown[i] && has_room(figure + 1))
			put_format(" %*.*s", figure, (int)strcspn(rates[i].title, "/"),
				figure == FIGURE ? rates[i].title : rates[i].brief);
	for (size_t i = 0; i < count && begin_row(); i++) {
		char *name = safe_text(frame->top[i].comm), *cut = NULL;

		if (name)
			cut = cut_end(name, PROGRAM);
		put(cut ? cut : "?");
		put_format("%*s", PROGRAM - (int)screen.column, "");
		for (size_t j = 0; j < UNSIGNED_LOADS; j++)
			if (frame->shown[j] && has_room(figure + 1))
				put_format(" %*.1f", figure,
					(double)rate_sum(&rates[j], &frame->top[i]) / frame->seconds);
		free(cut);
		free(name);
	}
}

/* Empty rows make it easier to read, but programs come first. */
void rates_print_screen(const struct rates_frame *frame)
{
	size_t rows = 2, spare, programs;

	screen.size = terminal_size();
	/* The last one is the cursor's, and of what comes after the end. */
	screen.size.rows -= screen.size.rows > 1;
	screen.row = 0;
	for (size_t i = 0; i < RATES; i++)
		rows += frame->shown[i];
	spare = screen.size.rows > rows ? screen.size.rows - rows : 0;
	programs = spare > 1 ? spare - 1 : 0;
	if (programs > frame->top_count)
		programs = frame->top_count;
	/* Of all that may come, so that nothing moves when there are more programs. */
	spare = spare > RATES_TOP + 1 ? spare - RATES_TOP - 1 : 0;
	if (begin_row()) {
		rates_print_clock(frame->realtime);
		screen.column = strlen("00:00:00");
		if (frame->lost)
			put_format("  %" PRIu64 " records LOST", frame->lost);
		put_format("  every %.3g s", frame->interval);
	}
	if (spare > 1)
		begin_row();
	put_rates(frame);
	if (spare > 0)
		begin_row();
	put_programs(frame, programs);
	fputs("\n\033[J", stdout);
}
