/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines above the table. */
#ifndef SLABTOP_SUMMARY_H
#define SLABTOP_SUMMARY_H

#include "source.h"

enum { SUMMARY_LINES = 6, SUMMARY_WIDTH = 160 };

struct split {
	double reclaimable, unreclaimable, unknown; /* bytes of slabs */
};

/* One pass over the caches; with sysfs, the first time also over its files. */
void split_memory(struct split *split, struct source *source);

/*
 * Five lines as slabtop of procps-ng has them, and the split, if not NULL, as the sixth. is_narrow:
 * in at most 40 columns instead of 68.
 */
void summarize(char lines[SUMMARY_LINES][SUMMARY_WIDTH], const struct source *source,
	const struct split *split, bool human, bool is_narrow);

#endif
