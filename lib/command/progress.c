// SPDX-License-Identifier: GPL-2.0-or-later
#include "progress.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "../text/text.h"
#include "complain.h"

#define FIRST_DRAW_MS 500
#define REDRAW_MS 100
#define LINE_COLUMNS_MAX 200
#define NAME_COLUMNS_MIN 8
#define BAR_COLUMNS_MIN 8
#define BAR_COLUMNS_MAX 40

static struct {
	bool is_allowed, is_drawn;
	const char *name; /* NULL: no work is going on */
	enum progress_unit unit;
	__u64 begun, next_draw; /* in milliseconds */
} progress;

static __u64 milliseconds(void)
{
	struct timespec now;

	/* Read without a system call; its steps of some milliseconds are fine enough. */
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (__u64)now.tv_sec * 1000 + (__u64)now.tv_nsec / 1000000;
}

bool progress_allow(bool is_wanted)
{
	const char *term = getenv("TERM");

	progress.is_allowed = is_wanted && isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
	complain_after(progress_clear);
	return progress.is_allowed;
}

void progress_begin(const char *name, enum progress_unit unit)
{
	if (!progress.is_allowed)
		return;
	progress.name = name;
	progress.unit = unit;
	progress.begun = milliseconds();
	progress.next_draw = progress.begun + FIRST_DRAW_MS;
}

void progress_name(const char *name)
{
	if (progress.name)
		progress.name = name;
}

static void print_amount(char *text, size_t size, double amount)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	size_t unit = 0;

	if (progress.unit == PROGRESS_FILES) {
		snprintf(text, size, "%.0f", amount);
		return;
	}
	/* 1023.5 would be printed as 1024. */
	for (; amount >= 1023.5 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		amount /= 1024;
	snprintf(text, size, "%.*f %s", unit && amount < 9.95, amount, units[unit]);
}

static void print_duration(char *text, size_t size, double seconds)
{
	unsigned long whole = seconds < 359999 ? (unsigned long)(seconds + 0.5) : 359999;

	if (whole < 3600)
		snprintf(text, size, "%lu:%02lu", whole / 60, whole % 60);
	else
		snprintf(text, size, "%lu:%02lu:%02lu", whole / 3600, whole / 60 % 60, whole % 60);
}

/* What stands behind the name: "45%  540 MiB/1.2 GiB  600 MiB/s  0:01 left". */
static void print_facts(char *text, size_t size, double done, double total)
{
	double elapsed = (double)(milliseconds() - progress.begun) / 1000;
	char amount[32], whole[32], rate[32], left[32] = "-:--";

	print_amount(amount, sizeof(amount), done);
	print_amount(whole, sizeof(whole), total);
	print_amount(rate, sizeof(rate), done / elapsed);
	if (!total) {
		snprintf(text, size, "%8s files %8s/s", amount, rate);
		return;
	}
	if (done > 0)
		print_duration(left, sizeof(left), elapsed * (total - done) / done);
	snprintf(text, size, "%3.0f%% %8s/%s%s %8s/s %5s left", 100 * done / total, amount, whole,
		progress.unit == PROGRESS_FILES ? " files" : "", rate, left);
}

/* Without a locale, whatever is not ASCII is given the two columns that it may take at most. */
static size_t columns_of(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += (*text & 0x80) == 0 ? 1 : (*text & 0xc0) == 0xc0 ? 2 : 0;
	return columns;
}

/* Prints the name, of a long one the end; returns the columns it takes, at most room. */
static size_t print_name(char *text, size_t size, size_t room)
{
	char *safe = safe_text(progress.name);
	const char *end = safe ? safe : "?";
	size_t columns = columns_of(end);
	bool is_cut = columns > room;

	while (*end && columns + 3 * is_cut > room) {
		columns -= (*end & 0x80) ? 2 : 1;
		for (end++; (*end & 0xc0) == 0x80;)
			end++;
	}
	snprintf(text, size, "%s%s", is_cut ? "..." : "", end);
	free(safe);
	return columns + 3 * is_cut;
}

/* Prints " [===>   ]", or nothing if there is no room. */
static void print_bar(char *text, size_t room, double share)
{
	size_t columns, filled;

	*text = '\0';
	if (room < BAR_COLUMNS_MIN)
		return;
	columns = (room < BAR_COLUMNS_MAX ? room : BAR_COLUMNS_MAX) - 3;
	filled = (size_t)(share * (double)columns);
	memcpy(text, " [", 2);
	memset(text + 2, '=', filled);
	memset(text + 2 + filled, ' ', columns - filled);
	if (filled < columns)
		text[2 + filled] = '>';
	memcpy(text + 2 + columns, "]", 2);
}

static size_t line_columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 79;
	/* In the last column a terminal may begin a new line. */
	return size.ws_col <= LINE_COLUMNS_MAX ? size.ws_col - 1U : LINE_COLUMNS_MAX;
}

static void draw(double done, double total)
{
	size_t columns = line_columns(), room, taken = 0;
	char facts[160], bar[BAR_COLUMNS_MAX + 1], name[4 * LINE_COLUMNS_MAX + 1] = "";

	print_facts(facts, sizeof(facts), done, total);
	/* Where not all has room, the percent stand alone, and of what has none nothing does. */
	if (strlen(facts) > columns && !total)
		return;
	if (strlen(facts) > columns)
		facts[columns < 4 ? columns : 4] = '\0';
	room = columns - strlen(facts);
	if (room > NAME_COLUMNS_MIN)
		taken = print_name(name, sizeof(name), room - 1) + 1;
	print_bar(bar, total > 0 ? room - taken : 0, total > 0 ? done / total : 0);
	fprintf(stderr, "\r%s%s%s%s\033[K", name, bar, taken ? " " : "", facts);
	progress.is_drawn = true;
}

/* A job in the background must not write over what is in the foreground. */
static bool is_in_foreground(void)
{
	pid_t group = tcgetpgrp(STDERR_FILENO);

	return group < 0 || group == getpgrp();
}

void progress_update(__u64 done, __u64 total)
{
	__u64 now;

	if (!progress.name || (!total && progress.unit != PROGRESS_FILES))
		return;
	now = milliseconds();
	if (now < progress.next_draw)
		return;
	progress.next_draw = now + REDRAW_MS;
	if (is_in_foreground())
		draw(!total || done < total ? (double)done : (double)total, (double)total);
}

void progress_clear(void)
{
	if (!progress.is_drawn)
		return;
	fputs("\r\033[K", stderr);
	progress.is_drawn = false;
}

void progress_end(void)
{
	progress_clear();
	progress.name = NULL;
}

void progress_tick(void *context, __u64 files)
{
	(void)context;
	progress_update(files, 0);
}
