/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which caches grow steadily, of those that a source shows over time. */
#ifndef SLABTOP_LEAK_H
#define SLABTOP_LEAK_H

#include "../slab/trend.h"
#include "rows.h"

struct leak_watch {
	struct slab_trend *trends; /* by the id of a track */
	size_t count;
	__u64 first, last; /* nanoseconds */
	size_t snapshots;
};

/* Takes in the source's last snapshot. 0 or -ENOMEM. */
int leak_watch_add(struct leak_watch *watch, const struct source *source);
/* Frees the trends, and makes the watch an empty one. */
void leak_watch_free(struct leak_watch *watch);

struct leak {
	const struct slab_track *track;
	struct slab_trend_fit fit; /* in objects */
	double sure; /* that no cache at all would be named by chance, 0 to 1 */
	double grown; /* objects, by the fit */
	bool counts; /* not only because the kernel could take it back */
};

struct leak_terms {
	double sure; /* at least */
	bool reclaimable; /* counts as well */
	const struct choice *choice; /* which caches, and how much they must have grown */
};

/*
 * Those that grow, the fastest first, into a new array; *judged: of how many caches. A cache must
 * have grown by a slab at least. -ENODATA: too few snapshots for any verdict.
 */
int leak_watch_judge(const struct leak_watch *watch, struct source *source,
	const struct leak_terms *terms, struct leak **leaks, size_t *count, size_t *judged);

#endif
