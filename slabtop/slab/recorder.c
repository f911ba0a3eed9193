// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include "recording.h"

int slab_recorder_begin(FILE *out, __u64 page_size, const char *kernel)
{
	fprintf(out, "slabtop recording 1\npage-size %llu\nkernel %s\n",
		(unsigned long long)page_size, kernel);
	return ferror(out) ? -EIO : 0;
}

static unsigned int declare(FILE *out, const struct slab_track *track, struct slab_sysfs *sysfs)
{
	const struct slab_cache *cache = &track->now;
	const struct slab_facts *facts =
		sysfs ? slab_sysfs_find(sysfs, cache->name, SLAB_RECLAIMABLE) : NULL;
	unsigned int lines = 1;

	fprintf(out, "cache %u %llu %llu %llu %c %s\n", track->id,
		(unsigned long long)cache->obj_size, (unsigned long long)cache->objs_per_slab,
		(unsigned long long)cache->pages_per_slab,
		!facts				  ? '-'
		: facts->flags & SLAB_RECLAIMABLE ? 'r'
						  : 'u',
		cache->name);
	for (size_t i = 0; facts && i < facts->name_count; i++) {
		if (!strcmp(facts->names[i], cache->name) || strchr(facts->names[i], '\n'))
			continue;
		fprintf(out, "also %u %s\n", track->id, facts->names[i]);
		lines++;
	}
	return lines;
}

static void put_number(char **at, __u64 number, char behind)
{
	char digits[20];
	int count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while (number /= 10);
	while (count)
		*(*at)++ = digits[--count];
	*(*at)++ = behind;
}

/* The line of which there are most. */
static void put_figures(FILE *out, const struct slab_track *track)
{
	char line[128], *at = line;

	put_number(&at, track->id, ' ');
	put_number(&at, track->now.active_objs, ' ');
	put_number(&at, track->now.num_objs, ' ');
	put_number(&at, track->now.active_slabs, ' ');
	put_number(&at, track->now.num_slabs, '\n');
	fwrite(line, 1, (size_t)(at - line), out);
}

static unsigned int declare_new(struct slab_recorder *recorder, FILE *out, struct slab_sysfs *sysfs)
{
	const struct slab_tracker *tracker = &recorder->tracker;
	unsigned int lines = 0;

	/* From the end: ids grow that way. */
	for (size_t i = tracker->order_count; i-- > 0;) {
		const struct slab_track *track = tracker->tracks[tracker->order[i]];

		if (track->id < recorder->declared)
			continue;
		lines += declare(out, track, sysfs);
		recorder->declared = track->id + 1;
	}
	return lines;
}

int slab_recorder_add(struct slab_recorder *recorder, FILE *out,
	const struct slab_snapshot *snapshot, struct slab_sysfs *sysfs)
{
	const struct slab_tracker *tracker = &recorder->tracker;
	bool is_key = recorder->frames % SLAB_FRAMES_A_KEY == 0;
	unsigned int lines;
	int err = slab_tracker_update(&recorder->tracker, snapshot);

	if (err)
		return err;
	fprintf(out, "frame %llu %llu %llu%s\n", (unsigned long long)recorder->frames,
		(unsigned long long)snapshot->time, (unsigned long long)snapshot->monotonic,
		is_key ? " key" : "");
	lines = declare_new(recorder, out, sysfs);
	for (size_t i = 0; i < tracker->count; i++) {
		const struct slab_track *track = tracker->tracks[i];

		if (track->is_present && (is_key || track->has_changed)) {
			put_figures(out, track);
		} else if (!track->is_present && !is_key &&
			   track->last_update + 1 == tracker->updates) {
			fprintf(out, "gone %u\n", track->id);
		} else {
			continue;
		}
		lines++;
	}
	fprintf(out, "end %llu %u\n", (unsigned long long)recorder->frames++, lines);
	return ferror(out) ? -EIO : 0;
}

void slab_recorder_free(struct slab_recorder *recorder)
{
	slab_tracker_free(&recorder->tracker);
}
