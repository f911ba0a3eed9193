// SPDX-License-Identifier: GPL-2.0-or-later
#include "once.h"
#include <string.h>

/* In quotes where it must be. */
static void print_field(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

void print_csv(FILE *out, struct source *source, const struct rows *rows)
{
	static const char *const kinds[] = {
		[UNKNOWN] = "", [RECLAIMABLE] = "1", [UNRECLAIMABLE] = "0"
	};

	fputs("name,active_objs,num_objs,obj_size,objs_per_slab,pages_per_slab,active_slabs,num_"
	      "slabs,"
	      "cache_bytes,reclaimable\n",
		out);
	for (size_t i = 0; i < rows->count; i++) {
		const struct slab_track *track = rows->rows[i].track;
		const struct slab_cache *cache = &track->now;

		print_field(out, cache->name);
		fprintf(out, ",%llu,%llu,%llu,%llu,%llu,%llu,%llu,%llu,%s\n",
			(unsigned long long)cache->active_objs, (unsigned long long)cache->num_objs,
			(unsigned long long)cache->obj_size,
			(unsigned long long)cache->objs_per_slab,
			(unsigned long long)cache->pages_per_slab,
			(unsigned long long)cache->active_slabs,
			(unsigned long long)cache->num_slabs,
			(unsigned long long)slab_cache_bytes(cache, source->tracker.page_size),
			kinds[source_facts(source, track)->kind]);
	}
}
