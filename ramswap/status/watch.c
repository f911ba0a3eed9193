// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/columns.h"
#include "../../lib/text/text.h"

/* With less room than this, titles are brief, and of a device only what matters most is shown. */
#define ROOM_FOR_ALL 72
#define TITLE 18
#define BRIEF_TITLE 11
#define FIGURE 9
#define NAME 12

void watch_history_add(struct watch_history *history, const struct status_rates *rates)
{
	if (history->count == WATCH_HISTORY) {
		memmove(history->rates, history->rates + 1, (WATCH_HISTORY - 1) * sizeof(*rates));
		history->count--;
	}
	history->rates[history->count++] = *rates;
}

/* The next line; NULL: the screen is full. */
static struct watch_line *next_line(struct watch_page *page)
{
	struct watch_line *line;

	if (page->count == page->rows || page->count == WATCH_ROWS_MAX)
		return NULL;
	line = &page->lines[page->count++];
	line->text[0] = '\0';
	line->is_heading = false;
	return line;
}

/* Text behind what the line has, cut at the screen's edge. */
static void put(const struct watch_page *page, struct watch_line *line, const char *text)
{
	size_t used = text_columns(line->text), length = strlen(line->text);
	char *fitting = page->columns > used ? cut_end(text, page->columns - used) : NULL;

	if (fitting)
		snprintf(line->text + length, sizeof(line->text) - length, "%s", fitting);
	free(fitting);
}

static void put_format(const struct watch_page *page, struct watch_line *line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void put_format(const struct watch_page *page, struct watch_line *line, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	put(page, line, text);
}

enum unit { UNIT_BYTES, UNIT_PERCENT };

/* The figures that have a line of their own. */
static const struct {
	const char *title, *brief;
	enum unit unit;
	size_t offset; /* in struct status_rates */
} figures[] = {
	{ "From swap /s", "In /s", UNIT_BYTES, offsetof(struct status_rates, in) },
	{ "To swap /s", "Out /s", UNIT_BYTES, offsetof(struct status_rates, out) },
	{ "Wanted again: anon", "Again anon", UNIT_BYTES, offsetof(struct status_rates, refaults_anonymous) },
	{ "Wanted again: file", "Again file", UNIT_BYTES, offsetof(struct status_rates, refaults_file) },
	{ "Some wait", "Some wait", UNIT_PERCENT, offsetof(struct status_rates, some) },
	{ "All wait", "All wait", UNIT_PERCENT, offsetof(struct status_rates, full) },
};

enum { FIGURES = sizeof(figures) / sizeof(*figures) };

static double value_of(const struct status_rates *rates, size_t figure)
{
	return *(const double *)((const char *)rates + figures[figure].offset);
}

static void put_value(const struct watch_page *page, struct watch_line *line, size_t figure, double value)
{
	char text[16];

	if (figures[figure].unit == UNIT_PERCENT)
		snprintf(text, sizeof(text), "%.1f%%", value);
	else
		status_print_size(text, status_whole(value));
	put_format(page, line, "%*s", FIGURE, text);
}

/* A column an interval, in eighths of a line, the newest at the right edge. */
static void put_plot(const struct watch_page *page, struct watch_line *line, const struct watch_history *history,
	size_t figure, double highest)
{
	static const char *const bars[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	size_t used = text_columns(line->text), width = page->columns > used ? page->columns - used : 0, first;

	if (width > WATCH_HISTORY)
		width = WATCH_HISTORY;
	first = history->count > width ? history->count - width : 0;
	put_format(page, line, "%*s", (int)(width - (history->count - first)), "");
	for (size_t i = first; i < history->count; i++) {
		double value = value_of(&history->rates[i], figure);
		int eighths = highest > 0 ? (int)(value / highest * 8 + 0.5) : 0;

		put(page, line, bars[value > 0 && !eighths ? 1 : eighths]);
	}
}

static void put_figure(const struct watch_view *view, struct watch_page *page, size_t figure)
{
	const struct watch_history *history = view->history;
	bool is_brief = page->columns < ROOM_FOR_ALL;
	struct watch_line *line = next_line(page);
	double highest = 0;

	if (!line)
		return;
	for (size_t i = 0; i < history->count; i++)
		if (value_of(&history->rates[i], figure) > highest)
			highest = value_of(&history->rates[i], figure);
	put_format(page, line, "%-*s", is_brief ? BRIEF_TITLE : TITLE,
		is_brief ? figures[figure].brief : figures[figure].title);
	put_value(page, line, figure, history->count ? value_of(&history->rates[history->count - 1], figure) : 0);
	put_value(page, line, figure, highest);
	put(page, line, " ");
	put_plot(page, line, history, figure, highest);
}

static void put_figures(const struct watch_view *view, struct watch_page *page)
{
	bool is_brief = page->columns < ROOM_FOR_ALL;
	struct watch_line *line = next_line(page);

	if (line)
		put_format(page, line, "%-*s%*s%*s", is_brief ? BRIEF_TITLE : TITLE, "", FIGURE, "now", FIGURE, "highest");
	for (size_t i = 0; i < FIGURES; i++)
		put_figure(view, page, i);
}

static void put_head(const struct watch_view *view, struct watch_page *page)
{
	const struct status_sample *sample = view->sample;
	struct watch_line *line = next_line(page);
	char one[16], other[16], third[16];

	if (line)
		put_format(page, line, "%s  every %.3g s  q: quit", view->clock, view->delay);
	line = next_line(page);
	if (line && sample->swap)
		put_format(page, line, "Swap: %s of %s used, %s gained", status_print_size(one, sample->swap_used),
			status_print_size(other, sample->swap), status_print_signed(third, sample->gained));
	else if (line)
		put(page, line, "There is no swap.");
	line = next_line(page);
	if (line)
		put_format(page, line, "Memory: %s of %s available", status_print_size(one, sample->available),
			status_print_size(other, sample->total));
}

static void put_device_headings(struct watch_page *page)
{
	struct watch_line *line = next_line(page);

	if (!line)
		return;
	line->is_heading = true;
	put_format(page, line, "%-*s%8s%8s%7s", NAME, "SWAP", "USED", "RAM", "RATIO");
	if (page->columns >= ROOM_FOR_ALL)
		put_format(page, line, "%8s%8s%8s%7s%6s", "SIZE", "STORED", "SAVED", "LIMIT%", "PRIO");
	put_format(page, line, "%*s", (int)(page->columns - text_columns(line->text)), "");
}

static void put_optional(const struct watch_page *page, struct watch_line *line, int width, bool is_known, double value,
	const char *format)
{
	char text[32] = "-";

	if (is_known)
		/* One of the two formats below: a number with a fixed count of digits. */
		snprintf(text, sizeof(text), *format == '%' ? "%.0f%%" : "%.2f", value);
	put_format(page, line, "%*s", width, text);
}

static void put_device(struct watch_page *page, const struct status_device *device)
{
	struct watch_line *line = next_line(page);
	char *safe = safe_text(*device->name ? device->name : device->path), *name = safe ? cut_path(safe, NAME - 1) : NULL;
	char used[16], resident[16] = "-", size[16], stored[16] = "-", saved[16];

	if (line) {
		if (device->has_store) {
			status_print_size(resident, device->resident);
			status_print_size(stored, device->stored);
		}
		put(page, line, name ? name : "?");
		put_format(page, line, "%*s%8s%8s", (int)(NAME - text_columns(name ? name : "?")), "",
			status_print_size(used, device->used), resident);
		put_optional(page, line, 7, device->ratio > 0, device->ratio, "2");
	}
	if (line && page->columns >= ROOM_FOR_ALL) {
		put_format(page, line, "%8s%8s%8s", status_print_size(size, device->size), stored,
			status_print_signed(saved, device->saved));
		put_optional(page, line, 7, device->limit, device->limit_used * 100, "%");
		put_format(page, line, "%6d", device->priority);
	}
	free(name);
	free(safe);
}

void watch_compose(const struct watch_view *view, struct watch_page *page)
{
	const struct ramswap_status *status = view->status;

	page->count = 0;
	if (page->columns > WATCH_COLUMNS_MAX)
		page->columns = WATCH_COLUMNS_MAX;
	put_head(view, page);
	/* Empty rows make it easier to read where there is room for all. */
	if (page->rows >= status->device_count + FIGURES + 7)
		next_line(page);
	put_figures(view, page);
	if (page->rows >= status->device_count + FIGURES + 7)
		next_line(page);
	if (!status->device_count)
		return;
	put_device_headings(page);
	for (size_t i = 0; i < status->device_count; i++)
		if (status->devices[i].is_swap)
			put_device(page, &status->devices[i]);
}

void watch_print_headings(char text[WATCH_ROW_MAX])
{
	snprintf(text, WATCH_ROW_MAX, "%-8s %8s %8s %6s %6s %8s %8s %8s %6s %8s", "TIME", "IN/s", "OUT/s", "SOME%", "FULL%",
		"USED", "STORED", "RAM", "RATIO", "GAINED");
}

void watch_print_row(const char *clock, const struct status_sample *sample, const struct status_rates *rates,
	char text[WATCH_ROW_MAX])
{
	char in[16], out[16], used[16], stored[16], resident[16], gained[16], ratio[16] = "-";

	if (sample->resident)
		snprintf(ratio, sizeof(ratio), "%.2f", status_sample_ratio(sample));
	snprintf(text, WATCH_ROW_MAX, "%-8s %8s %8s %6.1f %6.1f %8s %8s %8s %6s %8s", clock,
		status_print_size(in, status_whole(rates->in)), status_print_size(out, status_whole(rates->out)), rates->some, rates->full,
		status_print_size(used, sample->swap_used), status_print_size(stored, sample->stored),
		status_print_size(resident, sample->resident), ratio, status_print_signed(gained, sample->gained));
}
