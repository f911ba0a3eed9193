// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracker.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_alike(const struct slab_cache *a, const struct slab_cache *b)
{
	return a->obj_size == b->obj_size && a->objs_per_slab == b->objs_per_slab &&
	       a->pages_per_slab == b->pages_per_slab && !strcmp(a->name, b->name);
}

static size_t hash(const struct slab_cache *cache, unsigned int twin)
{
	__u64 value = 14695981039346656037ULL;

	for (const char *at = cache->name; *at; at++)
		value = (value ^ (unsigned char)*at) * 1099511628211ULL;
	value = (value ^ cache->obj_size) * 1099511628211ULL;
	value = (value ^ twin) * 1099511628211ULL;
	return (size_t)(value ^ value >> 32);
}

/* Where the track of this cache is, or belongs. */
static size_t *find_slot(
	const struct slab_tracker *tracker, const struct slab_cache *cache, unsigned int twin)
{
	size_t mask = tracker->slot_count - 1, at = hash(cache, twin) & mask;

	while (tracker->slots[at]) {
		const struct slab_track *track = tracker->tracks[tracker->slots[at] - 1];

		if (track->twin == twin && is_alike(&track->now, cache))
			break;
		at = (at + 1) & mask;
	}
	return &tracker->slots[at];
}

static void free_track(struct slab_track *track)
{
	free((char *)track->now.name);
	free(track);
}

/* Tracks of vanished caches are dropped once they are the greater part. */
static void forget_vanished(struct slab_tracker *tracker)
{
	size_t present = 0, kept = 0;

	for (size_t i = 0; i < tracker->count; i++)
		present += tracker->tracks[i]->is_present;
	if (tracker->count <= 2 * present + 64)
		return;
	for (size_t i = 0; i < tracker->count; i++) {
		if (tracker->tracks[i]->is_present)
			tracker->tracks[kept++] = tracker->tracks[i];
		else
			free_track(tracker->tracks[i]);
	}
	tracker->count = kept;
}

/* Room for so many more tracks, in a table that is at most half full. */
static int make_room(struct slab_tracker *tracker, size_t more)
{
	size_t wanted = tracker->count + more,
	       slot_count = tracker->slot_count ? tracker->slot_count : 64;

	if (wanted > tracker->capacity) {
		struct slab_track **tracks = reallocarray(tracker->tracks, wanted, sizeof(*tracks));

		if (!tracks)
			return -ENOMEM;
		tracker->tracks = tracks;
		tracker->capacity = wanted;
	}
	while (slot_count < 2 * wanted)
		slot_count *= 2;
	if (slot_count != tracker->slot_count) {
		size_t *slots = reallocarray(tracker->slots, slot_count, sizeof(*slots));

		if (!slots)
			return -ENOMEM;
		tracker->slots = slots;
		tracker->slot_count = slot_count;
	}
	memset(tracker->slots, 0, tracker->slot_count * sizeof(*tracker->slots));
	for (size_t i = 0; i < tracker->count; i++) {
		struct slab_track *track = tracker->tracks[i];

		track->twins_seen = 0;
		*find_slot(tracker, &track->now, track->twin) = i + 1;
	}
	return 0;
}

static int new_track(struct slab_tracker *tracker, const struct slab_cache *cache,
	unsigned int twin, size_t *slot)
{
	struct slab_track *track = calloc(1, sizeof(*track));

	if (!track)
		return -ENOMEM;
	track->now = *cache;
	track->now.name = strdup(cache->name);
	track->twin = twin;
	track->id = tracker->next_id++;
	if (!track->now.name) {
		free(track);
		return -ENOMEM;
	}
	tracker->tracks[tracker->count++] = track;
	*slot = tracker->count;
	return 0;
}

static int find_track(struct slab_tracker *tracker, const struct slab_cache *cache, size_t *index)
{
	size_t *slot = find_slot(tracker, cache, 0);
	unsigned int twin = 0;
	int err;

	if (*slot) {
		twin = tracker->tracks[*slot - 1]->twins_seen;
		if (twin)
			slot = find_slot(tracker, cache, twin);
	}
	if (!*slot) {
		err = new_track(tracker, cache, twin, slot);
		if (err)
			return err;
	}
	*index = *slot - 1;
	tracker->tracks[*find_slot(tracker, cache, 0) - 1]->twins_seen++;
	return 0;
}

/* Caches came or went: who is who. */
static int match(struct slab_tracker *tracker, const struct slab_snapshot *snapshot)
{
	int err;

	if (snapshot->count > tracker->order_capacity) {
		size_t *order = reallocarray(tracker->order, snapshot->count, sizeof(*order));

		if (!order)
			return -ENOMEM;
		tracker->order = order;
		tracker->order_capacity = snapshot->count;
	}
	tracker->order_count = 0;
	forget_vanished(tracker);
	err = make_room(tracker, snapshot->count);
	for (size_t i = snapshot->count; i-- > 0 && !err;)
		err = find_track(tracker, &snapshot->caches[i], &tracker->order[i]);
	if (err)
		return err;
	tracker->order_count = snapshot->count;
	tracker->generation++;
	return 0;
}

static bool is_same_set(const struct slab_tracker *tracker, const struct slab_snapshot *snapshot)
{
	if (!tracker->updates || snapshot->count != tracker->order_count)
		return false;
	for (size_t i = 0; i < snapshot->count; i++)
		if (!is_alike(&tracker->tracks[tracker->order[i]]->now, &snapshot->caches[i]))
			return false;
	return true;
}

static bool has_same_figures(const struct slab_cache *a, const struct slab_cache *b)
{
	return a->active_objs == b->active_objs && a->num_objs == b->num_objs &&
	       a->active_slabs == b->active_slabs && a->num_slabs == b->num_slabs &&
	       a->shared_avail == b->shared_avail && a->limit == b->limit &&
	       a->batchcount == b->batchcount && a->sharedfactor == b->sharedfactor;
}

static void advance(struct slab_track *track, const struct slab_cache *cache, __u64 time)
{
	const char *name = track->now.name;

	if (!track->samples) {
		track->first_active = track->before_active = cache->active_objs;
		track->first_time = track->before_time = time;
	} else {
		track->before_active = track->now.active_objs;
		track->before_time = track->now_time;
	}
	track->has_changed = !track->samples || !has_same_figures(&track->now, cache);
	track->now = *cache;
	track->now.name = name;
	track->now_time = time;
	track->history[track->samples++ % SLAB_HISTORY] = cache->active_objs;
}

int slab_tracker_update(struct slab_tracker *tracker, const struct slab_snapshot *snapshot)
{
	if (!is_same_set(tracker, snapshot)) {
		int err = match(tracker, snapshot);

		if (err)
			return err;
		for (size_t i = 0; i < tracker->count; i++)
			tracker->tracks[i]->is_present = false;
		for (size_t i = 0; i < tracker->order_count; i++)
			tracker->tracks[tracker->order[i]]->is_present = true;
		for (size_t i = 0; i < tracker->count; i++)
			if (!tracker->tracks[i]->is_present)
				tracker->tracks[i]->samples = 0;
	}
	for (size_t i = 0; i < tracker->order_count; i++) {
		struct slab_track *track = tracker->tracks[tracker->order[i]];

		track->was_first = track->was_first || !tracker->updates;
		track->last_update = tracker->updates + 1;
		advance(track, &snapshot->caches[i], snapshot->monotonic);
	}
	tracker->page_size = snapshot->page_size;
	tracker->updates++;
	return 0;
}

void slab_tracker_free(struct slab_tracker *tracker)
{
	for (size_t i = 0; i < tracker->count; i++)
		free_track(tracker->tracks[i]);
	free(tracker->tracks);
	free(tracker->order);
	free(tracker->slots);
	*tracker = (struct slab_tracker){ 0 };
}

/* From one count to another, which may well be smaller. */
static double difference(__u64 from, __u64 to)
{
	return to >= from ? (double)(to - from) : -(double)(from - to);
}

double slab_growth_rate(const struct slab_track *track)
{
	if (track->now_time <= track->before_time)
		return 0;
	return difference(track->before_active, track->now.active_objs) *
	       (double)track->now.obj_size * 1e9 / (double)(track->now_time - track->before_time);
}

double slab_growth_total(const struct slab_track *track)
{
	return difference(track->first_active, track->now.active_objs) *
	       (double)track->now.obj_size;
}

size_t slab_track_history(const struct slab_track *track, __u64 *values, size_t limit)
{
	size_t count = track->samples < SLAB_HISTORY ? track->samples : SLAB_HISTORY;

	if (count > limit)
		count = limit;
	for (size_t i = 0; i < count; i++)
		values[i] = track->history[(track->samples - count + i) % SLAB_HISTORY];
	return count;
}
