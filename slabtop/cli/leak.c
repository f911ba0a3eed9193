// SPDX-License-Identifier: GPL-2.0-or-later
#include "leak.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>

static int make_room(struct leak_watch *watch, size_t count)
{
	struct slab_trend *trends;

	if (count <= watch->count)
		return 0;
	trends = reallocarray(watch->trends, count, sizeof(*trends));
	if (!trends)
		return -ENOMEM;
	for (size_t i = watch->count; i < count; i++)
		trends[i] = (struct slab_trend){ 0 };
	watch->trends = trends;
	watch->count = count;
	return 0;
}

int leak_watch_add(struct leak_watch *watch, const struct source *source)
{
	const struct slab_tracker *tracker = &source->tracker;
	int err = make_room(watch, tracker->next_id);

	if (err)
		return err;
	for (size_t i = 0; i < tracker->order_count; i++) {
		const struct slab_track *track = tracker->tracks[tracker->order[i]];
		struct slab_trend *trend = &watch->trends[track->id];

		if (track->samples == 1) /* new, or come again */
			*trend = (struct slab_trend){ 0 };
		slab_trend_add(trend, track->now_time, track->now.active_objs);
	}
	if (!watch->snapshots++)
		watch->first = source->snapshot.monotonic;
	watch->last = source->snapshot.monotonic;
	return 0;
}

void leak_watch_free(struct leak_watch *watch)
{
	free(watch->trends);
	*watch = (struct leak_watch){ 0 };
}

static bool grows(struct leak *leak, const struct slab_trend *trend, const struct leak_terms *terms,
	size_t caches)
{
	const struct slab_cache *cache = &leak->track->now;

	if (slab_trend_fit(trend, &leak->fit))
		return false;
	/* Of so many caches that are looked at, one is far off by chance: Bonferroni. */
	leak->sure = fmax(0, 1 - (1 - leak->fit.confidence) * (double)caches);
	leak->grown = leak->fit.slope * leak->fit.seconds;
	return leak->fit.slope > 0 && !leak->fit.is_levelling && leak->sure >= terms->sure &&
	       leak->grown >= fmax((double)cache->objs_per_slab, 1) &&
	       leak->grown * (double)cache->obj_size >= (double)terms->choice->min_growth;
}

static int by_rate(const void *one, const void *other)
{
	const struct leak *a = one, *b = other;
	double first = a->fit.slope * (double)a->track->now.obj_size;
	double second = b->fit.slope * (double)b->track->now.obj_size;

	return first < second ? 1 : first > second ? -1 : 0;
}

int leak_watch_judge(const struct leak_watch *watch, struct source *source,
	const struct leak_terms *terms, struct leak **leaks, size_t *count, size_t *judged)
{
	struct choice all = *terms->choice;
	struct rows rows = { 0 };
	int err;

	*leaks = NULL;
	*count = 0;
	if (watch->snapshots < SLAB_TREND_SAMPLES_MIN)
		return -ENODATA;
	all.min_growth = 0; /* by the fit, not by two points */
	err = rows_choose(&rows, source, &all);
	if (!err)
		*leaks = calloc(rows.count + 1, sizeof(**leaks));
	if (!*leaks) {
		rows_free(&rows);
		return -ENOMEM;
	}
	*judged = rows.count;
	for (size_t i = 0; i < rows.count; i++) {
		struct leak leak = { .track = rows.rows[i].track };

		if (!grows(&leak, &watch->trends[leak.track->id], terms, rows.count))
			continue;
		leak.counts =
			terms->reclaimable || source_facts(source, leak.track)->kind != RECLAIMABLE;
		(*leaks)[(*count)++] = leak;
	}
	qsort(*leaks, *count, sizeof(**leaks), by_rate);
	rows_free(&rows);
	return 0;
}
