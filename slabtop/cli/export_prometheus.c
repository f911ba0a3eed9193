// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names of their own, not node_slabinfo_...: node_exporter's collector may be on as well, and a
 * name that comes from two sides fails the whole scrape. For the same reason no two lines may have
 * the same labels, so what has a twin bears its number.
 */
#include "once.h"
#include "../../lib/text/text.h"
#include <stdlib.h>

static void print_label(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		if (*text == '\n')
			fputs("\\n", out);
		else
			fputc(*text, out);
	}
}

static void print_labels(FILE *out, struct source *source, const struct slab_track *track)
{
	static const char *const kinds[] = {
		[UNKNOWN] = "unknown", [RECLAIMABLE] = "true", [UNRECLAIMABLE] = "false"
	};
	char *name = safe_text(track->now.name);

	fputs("{cache=\"", out);
	print_label(out, name ? name : "?");
	free(name);
	fprintf(out,
		"\",object_size=\"%llu\",objects_per_slab=\"%llu\",pages_per_slab=\"%llu\","
		"reclaimable=\"%s\"",
		(unsigned long long)track->now.obj_size,
		(unsigned long long)track->now.objs_per_slab,
		(unsigned long long)track->now.pages_per_slab,
		kinds[source_facts(source, track)->kind]);
	if (track->twin)
		fprintf(out, ",twin=\"%u\"", track->twin);
	fputc('}', out);
}

static __u64 active_objects(const struct slab_cache *cache, __u64 page_size)
{
	(void)page_size;
	return cache->active_objs;
}

static __u64 objects(const struct slab_cache *cache, __u64 page_size)
{
	(void)page_size;
	return cache->num_objs;
}

static __u64 active_bytes(const struct slab_cache *cache, __u64 page_size)
{
	(void)page_size;
	return slab_active_bytes(cache);
}

void print_prometheus(FILE *out, struct source *source, const struct rows *rows)
{
	static const struct {
		const char *name, *help;
		__u64 (*value)(const struct slab_cache *cache, __u64 page_size);
	} metrics[] = {
		{ "slabtop_active_objects", "Objects in use.", active_objects },
		{ "slabtop_objects", "Objects that there is memory for.", objects },
		{ "slabtop_active_bytes", "Objects in use, times their size.", active_bytes },
		{ "slabtop_cache_bytes", "Slabs, times their pages: an upper bound.",
			slab_cache_bytes },
	};

	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
		fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", metrics[i].name, metrics[i].help,
			metrics[i].name);
		for (size_t j = 0; j < rows->count; j++) {
			const struct slab_track *track = rows->rows[j].track;

			fputs(metrics[i].name, out);
			print_labels(out, source, track);
			fprintf(out, " %llu\n",
				(unsigned long long)metrics[i].value(
					&track->now, source->tracker.page_size));
		}
	}
}
