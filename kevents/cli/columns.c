// SPDX-License-Identifier: GPL-2.0-or-later
#include "columns.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/columns.h"
#include "../../lib/text/text.h"

/* Fewer columns of a process say nothing: other columns are left out first. */
#define PROCESS_MIN 12
/* Of a name with pieces behind it half, but not more than this. */
#define NAME_ENOUGH 24

static const struct {
	const char *title;
	int width; /* below 0: to the left */
} columns[COLUMN_COUNT] = {
	[COLUMN_TIME] = {"Time", -8},
	[COLUMN_EVENT] = {"Event", -7},
	[COLUMN_PID] = {"PID", 7},
	[COLUMN_PARENT] = {"PPID", 7},
	[COLUMN_USER] = {"User", -8},
	[COLUMN_INFO] = {"Info", -8},
	[COLUMN_DURATION] = {"Duration", 8},
};

static const enum column left_out_first[] = {
	COLUMN_DURATION, COLUMN_TIME, COLUMN_PARENT, COLUMN_USER, COLUMN_INFO, COLUMN_PID};

static size_t columns_of(enum column column)
{
	return (size_t)abs(columns[column].width) + 1;
}

void columns_choose(const struct settings *settings, size_t width, bool shown[COLUMN_COUNT])
{
	size_t wanted = PROCESS_MIN;

	for (int i = 0; i < COLUMN_COUNT; i++) {
		shown[i] = settings->with_more || (i != COLUMN_PARENT && i != COLUMN_USER);
		wanted += shown[i] ? columns_of(i) : 0;
	}
	for (size_t i = 0; i < sizeof(left_out_first) / sizeof(left_out_first[0]); i++) {
		enum column column = left_out_first[i];

		if (wanted <= width)
			break;
		wanted -= shown[column] ? columns_of(column) : 0;
		shown[column] = false;
	}
}

void columns_print_head(const bool shown[COLUMN_COUNT])
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (shown[i])
			printf("%*s ", columns[i].width, columns[i].title);
	puts("Process");
}

size_t columns_print(const bool shown[COLUMN_COUNT], const char *const cells[COLUMN_COUNT],
	const char *colour)
{
	int taken = 0;

	for (int i = 0; i < COLUMN_COUNT; i++) {
		if (!shown[i])
			continue;
		if (i == COLUMN_EVENT)
			fputs(colour, stdout);
		taken += printf("%*s", columns[i].width, cells[i]);
		if (i == COLUMN_EVENT && *colour)
			fputs("\033[0m", stdout);
		putchar(' ');
		taken++;
	}
	return (size_t)taken;
}

/* Leaves pieces out from the first rank on that there is no room for beside enough of the name. */
static size_t choose_pieces(size_t room, size_t name, struct piece *pieces, size_t count)
{
	size_t left = room, kept = room / 2;
	bool is_full = false;

	if (kept > NAME_ENOUGH)
		kept = NAME_ENOUGH;
	if (kept < PROCESS_MIN)
		kept = PROCESS_MIN;
	if (kept > name)
		kept = name;
	for (int rank = 0; rank < (int)count; rank++) {
		for (size_t i = 0; i < count; i++) {
			size_t wanted;

			if (!pieces[i].text || pieces[i].rank != rank)
				continue;
			wanted = text_columns(pieces[i].text);
			if (kept + wanted > left)
				is_full = true;
			if (is_full)
				pieces[i].text = NULL;
			else
				left -= wanted;
		}
	}
	return left;
}

static void print_line(const char *name, const struct piece *pieces, size_t count)
{
	fputs(name, stdout);
	for (size_t i = 0; i < count; i++)
		if (pieces[i].text)
			fputs(pieces[i].text, stdout);
	putchar('\n');
}

void print_in_room(
	size_t room, enum name_kind kind, const char *name, struct piece *pieces, size_t count)
{
	char *safe = safe_text(name), *cut = NULL;

	if (safe && room != NO_BOUND) {
		room = choose_pieces(room, text_columns(safe), pieces, count);
		cut = kind == NAME_PATH ? cut_path(safe, room) : cut_end(safe, room);
	}
	print_line(cut ? cut : safe ? safe : "?", pieces, count);
	free(cut);
	free(safe);
}

void print_command_in_room(size_t room, const char *line, size_t word_bytes, const char *rest)
{
	struct piece piece = {rest, 0};
	char *cut = NULL;

	if (room != NO_BOUND) {
		room = choose_pieces(room, text_columns(line), &piece, 1);
		cut = cut_command(line, word_bytes, room);
	}
	print_line(cut ? cut : line, &piece, 1);
	free(cut);
}
