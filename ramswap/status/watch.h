/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ramswap watch shows, as lines of text: a screen of any size, or a line for each interval. */
#ifndef RAMSWAP_STATUS_WATCH_H
#define RAMSWAP_STATUS_WATCH_H

#include "sample.h"

enum {
	WATCH_HISTORY = 512, /* intervals that are kept */
	WATCH_COLUMNS_MAX = 400,
	WATCH_ROWS_MAX = 200,
	WATCH_LINE_MAX = 4 * WATCH_COLUMNS_MAX, /* bytes */
};

/* What happened, the newest last. All zero before its first use. */
struct watch_history {
	struct status_rates rates[WATCH_HISTORY];
	size_t count;
};

void watch_history_add(struct watch_history *history, const struct status_rates *rates);

struct watch_line {
	char text[WATCH_LINE_MAX + 1]; /* UTF-8, safe for a terminal */
	bool is_heading;
};

struct watch_page {
	size_t columns, rows; /* of the screen; larger ones than the most are cut */
	struct watch_line lines[WATCH_ROWS_MAX];
	size_t count; /* lines that are used */
};

/* What is shown now. */
struct watch_view {
	const struct ramswap_status *status;
	const struct status_sample *sample;
	const struct watch_history *history;
	double delay; /* seconds */
	const char *clock; /* "12:34:56" */
};

/* The rows and columns of page are the caller's; each line fits. */
void watch_compose(const struct watch_view *view, struct watch_page *page);

/* For a pipe: the headings, and the figures of an interval below them. */
enum { WATCH_ROW_MAX = 160 };
void watch_print_headings(char text[WATCH_ROW_MAX]);
void watch_print_row(const char *clock, const struct status_sample *sample, const struct status_rates *rates,
	char text[WATCH_ROW_MAX]);

#endif
