/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person has chosen to see, by options and keys. */
#ifndef SLABTOP_VIEW_H
#define SLABTOP_VIEW_H

#include "rows.h"

/* Those before the name. */
enum column {
	OBJS,
	ACTIVE,
	USE,
	OBJ_SIZE,
	SLABS,
	OBJ_PER_SLAB,
	CACHE_SIZE,
	RATE,
	GROWN,
	TREND,
	COLUMN_COUNT
};

enum { PROMPT_SIZE = 128 };

enum prompt { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER, PROMPT_DELAY };

struct view {
	struct choice choice;
	double delay; /* seconds; of a recording: how much faster it is played */
	bool human, aliases, nodes;
	bool growth; /* its columns come before others, where there is no room for all */
	bool colour, is_utf8;
	bool paused, help;

	size_t top; /* the first row that is shown */
	enum prompt prompt;
	char typed[PROMPT_SIZE], search[PROMPT_SIZE], filter[PROMPT_SIZE];
	char message[PROMPT_SIZE]; /* what went wrong with the last key; gone with the next */
	int widths[COLUMN_COUNT]; /* private to page.c: what columns needed so far */
};

#endif
