/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many events each program caused: a table with an upper bound. */
#ifndef KEVENTS_CLI_COUNTS_H
#define KEVENTS_CLI_COUNTS_H

#include "../kevents.h"

#define COUNTS_MAX 512

struct program_count {
	char comm[16];
	uint64_t by_type[KEVENTS_TYPE_MAX + 1];
	uint64_t total;
};

struct counts {
	struct program_count programs[COUNTS_MAX];
	size_t used;
	struct program_count others; /* those that had no room */
	struct program_count sum;
};

/* Makes it empty. One that is all zero is empty, too. */
void counts_clear(struct counts *counts);
/* Counts a LOST record in sum alone, since no program caused it. */
void counts_add(struct counts *counts, const struct kevents_record *record);
/* Those that caused most come first. */
void counts_sort(struct counts *counts);

#endif
