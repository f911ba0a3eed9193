// SPDX-License-Identifier: GPL-2.0-or-later
#include "once.h"
#include <string.h>
#include "../../lib/text/size.h"
#include "summary.h"
#include "words.h"

static void print_size_text(char *text, size_t size, double bytes, bool human, int decimals)
{
	if (human)
		size_print(text, size, bytes);
	else
		snprintf(text, size, "%.*fK", decimals, bytes / 1024);
}

static void print_cache(FILE *out, const struct slab_cache *cache, __u64 page_size, bool human)
{
	char object[32], whole[32];

	print_size_text(object, sizeof(object), (double)cache->obj_size, human, 2);
	/* Rounded down. */
	print_size_text(whole, sizeof(whole),
		human ? (double)slab_cache_bytes(cache, page_size)
		      : (double)(slab_cache_bytes(cache, page_size) / 1024 * 1024),
		human, 0);
	fprintf(out, "%6llu %6llu %3u%% %8s %6llu %8llu %10s ", (unsigned long long)cache->num_objs,
		(unsigned long long)cache->active_objs,
		(unsigned int)percentage((double)cache->active_objs, (double)cache->num_objs),
		object, (unsigned long long)cache->num_slabs,
		(unsigned long long)cache->objs_per_slab, whole);
}

static void print_aliases(FILE *out, struct source *source, const struct slab_track *track)
{
	const struct facts *facts = source_facts(source, track);
	const char *other;
	char name[256];

	for (size_t i = 0; (other = facts_other_name(facts, track, i)); i++) {
		print_name(name, sizeof(name), other);
		fprintf(out, "%54s  = %s\n", "", name);
	}
}

static void print_nodes(
	FILE *out, struct source *source, const struct slab_track *track, bool human)
{
	struct slab_nodes nodes;

	if (!source->sysfs || slab_sysfs_nodes(source->sysfs, track->now.name, &nodes))
		return;
	for (unsigned int i = 0; i < nodes.count; i++) {
		struct slab_cache cache = track->now;

		cache.active_objs = nodes.nodes[i].active_objs;
		cache.num_objs = nodes.nodes[i].num_objs;
		cache.num_slabs = nodes.nodes[i].num_slabs;
		print_cache(out, &cache, source->tracker.page_size, human);
		fprintf(out, "  node %u\n", i);
	}
}

void print_text(FILE *out, struct source *source, const struct rows *rows,
	const struct output_options *options)
{
	char lines[SUMMARY_LINES][SUMMARY_WIDTH], name[256];

	summarize(lines, source, NULL, options->human, false);
	for (size_t i = 0; i < SUMMARY_LINES; i++)
		fprintf(out, "%s\n", lines[i]);
	fprintf(out, "%6s %6s %4s %8s %6s %8s %10s %-23s\n", "OBJS", "ACTIVE", "USE", "OBJ SIZE",
		"SLABS", "OBJ/SLAB", "CACHE SIZE", "NAME");
	for (size_t i = 0; i < rows->count; i++) {
		const struct slab_track *track = rows->rows[i].track;

		print_cache(out, &track->now, source->tracker.page_size, options->human);
		print_name(name, sizeof(name), track->now.name);
		fprintf(out, "%-23s\n", name);
		if (options->nodes) {
			source_facts(source, track); /* opens sysfs */
			print_nodes(out, source, track, options->human);
		}
		if (options->aliases)
			print_aliases(out, source, track);
	}
}
