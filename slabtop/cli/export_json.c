// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include "../../lib/text/json.h"
#include "cli.h"
#include "once.h"
#include "summary.h"

void json_add_aliases(
	struct json_object *object, const struct facts *facts, const struct slab_track *track)
{
	struct json_object *names = json_object_new_array();
	struct json_object *holder = json_object_new_object();
	const char *other;

	for (size_t i = 0; (other = facts_other_name(facts, track, i)); i++) {
		json_add_text(holder, "name", other);
		json_object_array_add(
			names, json_object_get(json_object_object_get(holder, "name")));
	}
	json_object_put(holder);
	json_object_object_add(object, "aliases", names);
}

static void add_flags(struct json_object *object, const struct slab_facts *facts)
{
	const char *names[16];
	size_t count = 0;

	for (unsigned int flag = 1; flag & SLAB_ALL_FLAGS; flag <<= 1)
		if (facts->flags & flag)
			names[count++] = slab_flag_name(flag);
	json_add_list(object, "flags", names, count);
	json_add_number(object, "order", facts->order);
}

static void add_nodes(
	struct json_object *object, struct source *source, const struct slab_track *track)
{
	struct json_object *list = json_object_new_array();
	struct slab_nodes nodes = { 0 };

	slab_sysfs_nodes(source->sysfs, track->now.name, &nodes);
	for (unsigned int i = 0; i < nodes.count; i++) {
		struct json_object *node = json_object_new_object();

		json_add_number(node, "node", i);
		json_add_number(node, "active_objs", nodes.nodes[i].active_objs);
		json_add_number(node, "num_objs", nodes.nodes[i].num_objs);
		json_add_number(node, "num_slabs", nodes.nodes[i].num_slabs);
		json_add_number(node, "partial_slabs", nodes.nodes[i].partial_slabs);
		json_object_array_add(list, node);
	}
	json_object_object_add(object, "nodes", list);
}

static struct json_object *cache_object(
	struct source *source, const struct slab_track *track, const struct output_options *options)
{
	struct json_object *object = json_object_new_object();
	const struct slab_cache *cache = &track->now;
	const struct facts *facts = source_facts(source, track);
	const struct slab_facts *more =
		source->sysfs ? slab_sysfs_find(source->sysfs, cache->name, SLAB_ALL_FLAGS) : NULL;

	json_add_text(object, "name", cache->name);
	json_add_aliases(object, facts, track);
	json_add_number(object, "active_objs", cache->active_objs);
	json_add_number(object, "num_objs", cache->num_objs);
	json_add_number(object, "obj_size", cache->obj_size);
	json_add_number(object, "objs_per_slab", cache->objs_per_slab);
	json_add_number(object, "pages_per_slab", cache->pages_per_slab);
	json_add_number(object, "active_slabs", cache->active_slabs);
	json_add_number(object, "num_slabs", cache->num_slabs);
	json_add_number(object, "cache_bytes", slab_cache_bytes(cache, source->tracker.page_size));
	json_add_number(object, "active_bytes", slab_active_bytes(cache));
	json_object_object_add(object, "reclaimable",
		facts->kind == UNKNOWN ? NULL
				       : json_object_new_boolean(facts->kind == RECLAIMABLE));
	if (more)
		add_flags(object, more);
	if (options->nodes && source->sysfs)
		add_nodes(object, source, track);
	return object;
}

static struct json_object *totals_object(struct source *source)
{
	struct json_object *object = json_object_new_object();
	struct slab_totals totals;
	struct split split;

	slab_add_up(&totals, &source->snapshot);
	split_memory(&split, source);
	json_add_number(object, "caches", totals.caches);
	json_add_number(object, "active_caches", totals.active_caches);
	json_add_number(object, "active_objs", totals.active_objs);
	json_add_number(object, "num_objs", totals.num_objs);
	json_add_number(object, "active_slabs", totals.active_slabs);
	json_add_number(object, "num_slabs", totals.num_slabs);
	json_add_number(object, "active_bytes", totals.active_bytes);
	json_add_number(object, "object_bytes", totals.object_bytes);
	json_add_number(object, "reclaimable_bytes", (__u64)split.reclaimable);
	json_add_number(object, "unreclaimable_bytes", (__u64)split.unreclaimable);
	json_add_number(object, "unknown_bytes", (__u64)split.unknown);
	return object;
}

int print_json(FILE *out, struct source *source, const struct rows *rows,
	const struct output_options *options)
{
	struct json_object *object = json_object_new_object(), *caches = json_object_new_array();
	const char *text;

	json_object_object_add(
		object, "time", json_object_new_double((double)source->snapshot.time * 1e-9));
	json_add_number(object, "page_size", source->tracker.page_size);
	json_add_number(object, "malformed_lines", source->snapshot.malformed);
	json_object_object_add(object, "totals", totals_object(source));
	for (size_t i = 0; i < rows->count; i++)
		json_object_array_add(caches, cache_object(source, rows->rows[i].track, options));
	json_object_object_add(object, "caches", caches);
	text = json_object_to_json_string_ext(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		fprintf(out, "%s\n", text);
	else
		complain("%s", strerror(ENOMEM));
	json_object_put(object);
	return text ? EXIT_OK : EXIT_ERROR;
}
