// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as slabinfo: the first half of an input, then the second, as two snapshots of one
 * machine. Names are whole, and the caches of both are told apart.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "slabtop/slab/tracker.h"

static void check(const struct slab_snapshot *snapshot)
{
	struct slab_totals totals;

	for (size_t i = 0; i < snapshot->count; i++)
		if (!*snapshot->caches[i].name || strchr(snapshot->caches[i].name, '\n'))
			abort();
	slab_add_up(&totals, snapshot);
	if (totals.caches != snapshot->count)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slab_snapshot snapshot = { .page_size = 4096 };
	struct slab_tracker tracker = { 0 };
	const uint8_t *middle = size ? memmem(data, size, "\nslabinfo", 9) : NULL;
	size_t first = middle ? (size_t)(middle + 1 - data) : size;

	for (int i = 0; i < 3; i++) {
		const char *text = (const char *)(i == 1 ? data + first : data);

		snapshot.monotonic += 1000000000;
		if (slab_parse(&snapshot, text, i == 1 ? size - first : first))
			continue;
		check(&snapshot);
		if (slab_tracker_update(&tracker, &snapshot))
			abort();
		if (tracker.order_count != snapshot.count)
			abort();
		for (size_t j = 0; j < snapshot.count; j++) {
			const struct slab_track *track = tracker.tracks[tracker.order[j]];

			/* No two caches have one track. */
			if (strcmp(track->now.name, snapshot.caches[j].name) ||
				track->now.active_objs != snapshot.caches[j].active_objs)
				abort();
		}
	}
	slab_tracker_free(&tracker);
	slab_snapshot_free(&snapshot);
	return 0;
}
