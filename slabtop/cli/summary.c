// SPDX-License-Identifier: GPL-2.0-or-later
#include "summary.h"
#include <stdio.h>
#include "../../lib/text/size.h"
#include "words.h"

void split_memory(struct split *split, struct source *source)
{
	const struct slab_tracker *tracker = &source->tracker;

	*split = (struct split){ 0 };
	for (size_t i = 0; i < tracker->order_count; i++) {
		const struct slab_track *track = tracker->tracks[tracker->order[i]];
		double bytes = (double)slab_cache_bytes(&track->now, tracker->page_size);

		switch (source_facts(source, track)->kind) {
		case RECLAIMABLE:
			split->reclaimable += bytes;
			break;
		case UNRECLAIMABLE:
			split->unreclaimable += bytes;
			break;
		case UNKNOWN:
			split->unknown += bytes;
		}
	}
}

static void print_size(char *text, size_t size, double bytes, bool human)
{
	if (human)
		size_print(text, size, bytes);
	else
		snprintf(text, size, "%.2fK", bytes / 1024);
}

static void put_counts(char *line, const char *title, __u64 active, __u64 total)
{
	snprintf(line, SUMMARY_WIDTH, " %s: %llu / %llu (%.1f%%)", title,
		(unsigned long long)active, (unsigned long long)total,
		percentage((double)active, (double)total));
}

static void put_sizes(
	char *line, const char *title, double part, double other, double whole, bool human)
{
	char first[32], second[32];

	print_size(first, sizeof(first), part, human);
	print_size(second, sizeof(second), other, human);
	snprintf(line, SUMMARY_WIDTH, " %s: %s / %s (%.1f%%)", title, first, second,
		percentage(part, whole));
}

static void put_split(char *line, const char *title, const struct split *split, bool human)
{
	double known = split->reclaimable + split->unreclaimable;

	if (known > 0)
		put_sizes(line, title, split->reclaimable, split->unreclaimable, known, human);
	else
		snprintf(line, SUMMARY_WIDTH, " %s: not known here", title);
}

void summarize(char lines[SUMMARY_LINES][SUMMARY_WIDTH], const struct source *source,
	const struct split *split, bool human, bool is_narrow)
{
	static const char *const wide[] = { "Active / Total Objects (% used)    ",
		"Active / Total Slabs (% used)      ", "Active / Total Caches (% used)     ",
		"Active / Total Size (% used)       ", "Minimum / Average / Maximum Object ",
		"Reclaimable / Unreclaimable Size   " };
	static const char *const narrow[] = { "Objects", "Slabs", "Caches", "Size", "Object",
		"Reclaim" };
	const char *const *titles = is_narrow ? narrow : wide;
	struct slab_totals totals;
	char smallest[32], average[32], largest[32];

	slab_add_up(&totals, &source->snapshot);
	put_counts(lines[0], titles[0], totals.active_objs, totals.num_objs);
	put_counts(lines[1], titles[1], totals.active_slabs, totals.num_slabs);
	put_counts(lines[2], titles[2], totals.active_caches, totals.caches);
	put_sizes(lines[3], titles[3], (double)totals.active_bytes, (double)totals.object_bytes,
		(double)totals.object_bytes, human || is_narrow);
	print_size(smallest, sizeof(smallest), (double)totals.min_obj_size, human);
	/* Rounded down to a byte, as it always was. */
	print_size(average, sizeof(average),
		totals.num_objs ? (double)(totals.object_bytes / totals.num_objs) : 0, human);
	print_size(largest, sizeof(largest), (double)totals.max_obj_size, human);
	snprintf(lines[4], SUMMARY_WIDTH, " %s: %s / %s / %s", titles[4], smallest, average,
		largest);
	lines[5][0] = '\0';
	if (split)
		put_split(lines[5], titles[5], split, human || is_narrow);
}
