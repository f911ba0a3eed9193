/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of the table of events: which of them a terminal has room for. */
#ifndef KEVENTS_CLI_COLUMNS_H
#define KEVENTS_CLI_COLUMNS_H

#include <stdint.h>
#include <stddef.h>
#include "cli.h"

/* What is left of the process, in a line of any length. */
#define NO_BOUND SIZE_MAX

/* From left to right. */
enum column {
	COLUMN_TIME,
	COLUMN_EVENT,
	COLUMN_PID,
	COLUMN_PARENT,
	COLUMN_USER,
	COLUMN_INFO,
	COLUMN_DURATION,
	COLUMN_COUNT,
};

/* width: of the terminal, or NO_BOUND. Chooses those for which it has room beside the process. */
void columns_choose(const struct settings *settings, size_t width, bool shown[COLUMN_COUNT]);

/* Prints the titles to stdout, in one line that ends with the title of the process. */
void columns_print_head(const bool shown[COLUMN_COUNT]);

/*
 * Those that are shown, of cells, up to where the process begins; colour is that of the event. Returns
 * how many columns that takes.
 */
size_t columns_print(const bool shown[COLUMN_COUNT], const char *const cells[COLUMN_COUNT],
	const char *colour);

/* What stands behind the name of something: as much of it as there is room for. */
struct piece {
	const char *text; /* with a space before; NULL: nothing */
	int rank; /* 0 is left out last */
};

enum name_kind { NAME_TEXT, NAME_PATH };

/* A name and its pieces in room columns or NO_BOUND, and the end of the line. name: as from elsewhere. */
void print_in_room(
	size_t room, enum name_kind kind, const char *name, struct piece *pieces, size_t count);

/* The same of a line that shell_line made; rest: what stands behind it, NULL: nothing. */
void print_command_in_room(size_t room, const char *line, size_t word_bytes, const char *rest);

#endif
