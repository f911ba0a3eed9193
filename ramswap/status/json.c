// SPDX-License-Identifier: GPL-2.0-or-later
#include "json.h"
#include "../../lib/text/json.h"

static void add_signed(struct json_object *object, const char *name, __s64 number)
{
	json_object_object_add(object, name, json_object_new_int64(number));
}

/* digits behind the point: as a text that JSON takes for a number. */
static void add_fraction(struct json_object *object, const char *name, double number, const char *format)
{
	char text[64];

	snprintf(text, sizeof(text), format, number);
	json_object_object_add(object, name, json_object_new_double_s(number, text));
}

static void add_null(struct json_object *object, const char *name)
{
	json_object_object_add(object, name, NULL);
}

static void add_difference(struct json_object *object, const struct status_difference *difference)
{
	struct json_object *member = json_object_new_object();

	add_signed(member, "bytes", difference->bytes);
	json_add_number(member, "zeros_most", difference->zeros_most);
	json_add_number(member, "zswap_most", difference->zswap_most);
	json_add_number(member, "cached_most", difference->cached_most);
	json_add_number(member, "held_most", difference->held_most);
	json_add_number(member, "unexplained", difference->unexplained);
	json_object_object_add(object, "used_and_not_stored", member);
}

static struct json_object *store(const struct status_device *device)
{
	struct json_object *object = json_object_new_object();

	json_add_number(object, "stored", device->stored);
	json_add_number(object, "in_memory", device->in_memory);
	json_add_number(object, "same_filled", device->same);
	json_add_number(object, "incompressible", device->huge);
	json_add_number(object, "incompressible_ever", device->huge_ever);
	json_add_number(object, "compressed", device->compressed);
	json_add_number(object, "resident", device->resident);
	json_add_number(object, "resident_peak", device->resident_peak);
	add_signed(object, "overhead", device->overhead);
	if (device->ratio > 0)
		add_fraction(object, "ratio", device->ratio, "%.3f");
	else
		add_null(object, "ratio");
	if (device->limit)
		json_add_number(object, "limit", device->limit);
	else
		add_null(object, "limit");
	json_add_number(object, "written_back", device->written_back);
	json_add_number(object, "backing_reads", device->back_reads);
	json_add_number(object, "backing_writes", device->back_writes);
	json_add_number(object, "failed_reads", device->failed_reads);
	json_add_number(object, "failed_reads_harmless", device->failed_reads_harmless);
	json_add_number(object, "failed_writes", device->failed_writes);
	if (device->has_difference)
		add_difference(object, &device->difference);
	else
		add_null(object, "used_and_not_stored");
	return object;
}

static const char *name_or_null(const char *text)
{
	return text && *text ? text : NULL;
}

static struct json_object *one_device(const struct status_device *device)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "path", device->path);
	json_add_string(object, "kind", status_kind_word(device->kind));
	json_add_flag(object, "ours", device->is_ours);
	json_add_flag(object, "swap", device->is_swap);
	if (device->is_swap)
		add_signed(object, "priority", device->priority);
	else
		add_null(object, "priority");
	json_add_number(object, "size", device->size);
	if (device->is_swap)
		json_add_number(object, "used", device->used);
	else
		add_null(object, "used");
	add_signed(object, "saved", device->saved);
	json_add_text(object, "algorithm", name_or_null(device->algorithm));
	json_add_text(object, "recompression", name_or_null(device->recompression));
	json_add_text(object, "backing", device->backing);
	json_object_object_add(object, "zram", device->has_store ? store(device) : NULL);
	return object;
}

static struct json_object *total(const struct status_total *all)
{
	struct json_object *object = json_object_new_object();

	json_add_number(object, "size", all->size);
	json_add_number(object, "used", all->used);
	json_add_number(object, "cached", all->cached);
	json_add_number(object, "resident", all->resident);
	json_add_number(object, "copied", all->copied);
	json_add_number(object, "zswap_pool", all->zswap);
	json_add_number(object, "zswapped", all->zswapped);
	add_signed(object, "gained", all->gained);
	return object;
}

static struct json_object *counted(const struct ramswap_status *status)
{
	const struct status_counters *counters = &status->counters;
	struct json_object *object;

	if (!status->has_counters)
		return NULL;
	object = json_object_new_object();
	json_add_number(object, "in", status_times(counters->in, status->page_size));
	json_add_number(object, "out", status_times(counters->out, status->page_size));
	if (counters->has_zeros) {
		json_add_number(object, "zeros_in", status_times(counters->zeros_in, status->page_size));
		json_add_number(object, "zeros_out", status_times(counters->zeros_out, status->page_size));
	} else {
		add_null(object, "zeros_in");
		add_null(object, "zeros_out");
	}
	return object;
}

static struct json_object *upkeep(const struct ramswap_status *status)
{
	struct json_object *object;

	if (!status->has_written)
		return NULL;
	object = json_object_new_object();
	json_add_number(object, "written_back_in_24_hours", status->written);
	return object;
}

static struct json_object *pressure(const struct ramswap_facts *facts)
{
	struct json_object *object;

	if (facts->pressure_some_10 < 0)
		return NULL;
	object = json_object_new_object();
	add_fraction(object, "some_10", facts->pressure_some_10, "%.2f");
	add_fraction(object, "full_10", facts->pressure_full_10, "%.2f");
	add_fraction(object, "some_60", facts->pressure_some_60, "%.2f");
	add_fraction(object, "full_60", facts->pressure_full_60, "%.2f");
	json_add_number(object, "some_microseconds", facts->pressure_some_total);
	json_add_number(object, "full_microseconds", facts->pressure_full_total);
	return object;
}

static struct json_object *group_list(const struct status_groups *groups)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < groups->count; i++) {
		struct json_object *object = json_object_new_object();

		json_add_text(object, "path", groups->list[i].path);
		json_add_number(object, "own", groups->list[i].own);
		json_add_number(object, "swap", groups->list[i].swap);
		json_object_array_add(list, object);
	}
	return list;
}

static struct json_object *probed(const struct measure_latency *latency)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "swap", latency->swap);
	json_add_flag(object, "zswap", latency->is_zswap_enabled);
	json_add_number(object, "pages_out", latency->out_pages);
	json_add_number(object, "pages_ahead", latency->ahead_pages);
	json_add_number(object, "pages_timed", latency->in.count);
	json_add_number(object, "in_p50_ns", latency->in.p50);
	json_add_number(object, "in_p90_ns", latency->in.p90);
	json_add_number(object, "in_p99_ns", latency->in.p99);
	json_add_number(object, "in_max_ns", latency->in.max);
	add_fraction(object, "in_mean_ns", latency->in.mean, "%.0f");
	add_fraction(object, "out_mean_ns", latency->out_ns, "%.0f");
	return object;
}

static struct json_object *sentence_list(const struct status_sentences *sentences)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < sentences->count; i++) {
		const struct status_sentence *sentence = &sentences->list[i];
		struct json_object *object = json_object_new_object();

		json_add_text(object, "device", sentence->device ? sentence->device->path : NULL);
		json_add_string(object, "figure", sentence->figure);
		json_add_text(object, "text", sentence->text);
		json_object_array_add(list, object);
	}
	return list;
}

struct json_object *status_json(const struct ramswap_facts *facts, const struct ramswap_status *status,
	const struct status_sentences *sentences, const struct status_groups *groups,
	const struct measure_latency *latency)
{
	struct json_object *object = json_object_new_object(), *devices = json_object_new_array();

	for (size_t i = 0; i < status->device_count; i++)
		json_object_array_add(devices, one_device(&status->devices[i]));
	json_object_object_add(object, "devices", devices);
	json_object_object_add(object, "total", total(&status->total));
	json_object_object_add(object, "since_start", counted(status));
	json_object_object_add(object, "upkeep", upkeep(status));
	json_object_object_add(object, "pressure", pressure(facts));
	json_object_object_add(object, "groups", groups ? group_list(groups) : NULL);
	json_object_object_add(object, "latency", latency ? probed(latency) : NULL);
	json_object_object_add(object, "explanations", sentences ? sentence_list(sentences) : NULL);
	return object;
}
