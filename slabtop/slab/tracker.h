/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libslab: caches over time. A cache is the same one in two snapshots if its name and its geometry
 * are; of several that share these, the oldest ones correspond, counted from the end of the file,
 * since the kernel puts new caches first.
 */
#ifndef KERNKIT_SLAB_TRACKER_H
#define KERNKIT_SLAB_TRACKER_H

#include "slab.h"

enum { SLAB_HISTORY = 32 };

struct slab_track {
	struct slab_cache now; /* the last figures there were; the name is the track's */
	unsigned int id; /* never given twice by a tracker; older caches have lower ones */
	unsigned int twin; /* 0, or its number among caches that look the same */
	bool is_present; /* in the last snapshot */
	bool was_first; /* in the first snapshot */
	bool has_changed; /* any figure, between the last two snapshots it was in; or it came */
	unsigned int last_update; /* the last snapshot it was in, the first one being 1 */
	__u64 first_time, before_time, now_time; /* nanoseconds, monotonic */
	__u64 first_active, before_active; /* objects */
	__u64 history[SLAB_HISTORY]; /* active objects, a ring; see slab_track_history */
	unsigned int samples; /* how many there ever were */
	unsigned int twins_seen; /* private */
};

struct slab_tracker {
	struct slab_track **tracks; /* all caches that were seen, and not forgotten */
	size_t count;
	size_t *order; /* of the last snapshot: order[i] is the index of caches[i]'s track */
	size_t order_count;
	__u64 page_size;
	unsigned int updates; /* how many snapshots there were */
	unsigned int generation; /* goes up when caches come or go */

	unsigned int next_id;
	size_t capacity, order_capacity, slot_count;
	size_t *slots; /* private: a hash table of indices + 1 */
};

/*
 * Takes a snapshot in, which may be freed or used again. Linear in the number of caches. A cache
 * that vanished keeps its track for a while; when it comes again, it begins anew. -ENOMEM.
 */
int slab_tracker_update(struct slab_tracker *tracker, const struct slab_snapshot *snapshot);

/* Forgets everything; the tracker can be used again. */
void slab_tracker_free(struct slab_tracker *tracker);

/* Growth of what is in use, in bytes a second between the last two snapshots. */
double slab_growth_rate(const struct slab_track *track);

/* Growth of what is in use, in bytes since the cache was first seen. */
double slab_growth_total(const struct slab_track *track);

/* The active objects of the last at most limit snapshots, oldest first; how many. */
size_t slab_track_history(const struct slab_track *track, __u64 *values, size_t limit);

#endif
