/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What caches can be sorted by: the letters are both an option's value and keys. */
#ifndef SLABTOP_CRITERIA_H
#define SLABTOP_CRITERIA_H

#include <stdbool.h>
#include <linux/types.h>
#include "../slab/tracker.h"

struct criterion {
	char letter;
	const char *help;
	double (*value)(const struct slab_track *track, __u64 page_size); /* NULL: the name */
};

/* Ends with a letter of 0. The first is what is sorted by unless something else is wanted. */
extern const struct criterion criteria[];

/* By letter, of either case; NULL: there is no such criterion. */
const struct criterion *find_criterion(char letter);

/* Growth a second, or since the start. */
bool is_of_growth(const struct criterion *criterion);

#endif
