// SPDX-License-Identifier: GPL-2.0-or-later
#include "prometheus.h"
#include <stdbool.h>
#include "../../lib/text/text.h"

#define SECONDS 1e-9

/*
 * Text as a label's value: UTF-8, in which a backslash and a quote are escaped. A byte that is none, or could speak to
 * a terminal, becomes \xNN.
 */
static void print_value(FILE *out, const char *text)
{
	while (*text) {
		unsigned int character;
		size_t length = text_character(text, &character);

		if (!length || !is_harmless(character)) {
			fprintf(out, "\\\\x%02x", (unsigned char)*text++);
			continue;
		}
		if (character == '"' || character == '\\')
			fputc('\\', out);
		fwrite(text, 1, length, out);
		text += length;
	}
}

static void print_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

enum value_kind { OF_ANY, OF_SWAP, OF_STORE };

struct device_metric {
	const char *name, *type, *help;
	enum value_kind kind; /* which devices have it */
	size_t offset;
	bool is_signed;
};

#define METRIC(what, type, kind, field, help)                                                                          \
	{                                                                                                              \
		"ramswap_device_" what, type, help, kind, offsetof(struct status_device, field), false                 \
	}

static const struct device_metric device_metrics[] = {
	METRIC("size_bytes", "gauge", OF_ANY, size, "Pages that the device can hold, before compression."),
	METRIC("used_bytes", "gauge", OF_SWAP, used, "Used, as /proc/swaps has it."),
	{ "ramswap_device_saved_bytes", "gauge",
		"Memory that is free because the device holds what was in it; below 0 it costs more than it saves.", OF_ANY,
		offsetof(struct status_device, saved), true },
	METRIC("stored_bytes", "gauge", OF_STORE, stored, "Stored, before compression: orig_data_size."),
	METRIC("same_filled_bytes", "gauge", OF_STORE, same, "Of what is stored: pages filled with one word."),
	METRIC("incompressible_bytes", "gauge", OF_STORE, huge, "Of what is stored: pages that did not compress."),
	METRIC("written_back_bytes", "gauge", OF_STORE, written_back, "Of what is stored: on the backing device."),
	METRIC("compressed_bytes", "gauge", OF_STORE, compressed, "What it became by compression: compr_data_size."),
	METRIC("resident_bytes", "gauge", OF_STORE, resident, "Memory that the device takes: mem_used_total."),
	METRIC("resident_peak_bytes", "gauge", OF_STORE, resident_peak, "The most that it took: mem_used_max."),
	METRIC("limit_bytes", "gauge", OF_STORE, limit, "Memory that it may take; 0 means no limit."),
	METRIC("backing_read_bytes_total", "counter", OF_STORE, back_reads, "Read from the backing device."),
	METRIC("backing_written_bytes_total", "counter", OF_STORE, back_writes, "Written to the backing device."),
	METRIC("failed_reads_total", "counter", OF_STORE, failed_reads, "Reads that zram counts as failed."),
	METRIC("failed_writes_total", "counter", OF_STORE, failed_writes, "Writes that zram counts as failed."),
};

static bool has_metric(const struct status_device *device, const struct device_metric *metric)
{
	return metric->kind == OF_ANY || (metric->kind == OF_SWAP && device->is_swap) ||
		(metric->kind == OF_STORE && device->has_store);
}

static void print_labels(FILE *out, const struct status_device *device)
{
	fputs("{device=\"", out);
	print_value(out, device->path);
	fprintf(out, "\",kind=\"%s\",ours=\"%s\"}", status_kind_word(device->kind), device->is_ours ? "true" : "false");
}

static void print_device_metric(FILE *out, const struct ramswap_status *status, const struct device_metric *metric)
{
	bool has_head = false;

	for (size_t i = 0; i < status->device_count; i++) {
		const struct status_device *device = &status->devices[i];
		const char *value = (const char *)device + metric->offset;

		if (!has_metric(device, metric))
			continue;
		if (!has_head)
			print_head(out, metric->name, metric->type, metric->help);
		has_head = true;
		fputs(metric->name, out);
		print_labels(out, device);
		if (metric->is_signed)
			fprintf(out, " %lld\n", (long long)*(const __s64 *)value);
		else
			fprintf(out, " %llu\n", (unsigned long long)*(const __u64 *)value);
	}
}

static void print_priorities(FILE *out, const struct ramswap_status *status)
{
	bool has_head = false;

	for (size_t i = 0; i < status->device_count; i++) {
		if (!status->devices[i].is_swap)
			continue;
		if (!has_head)
			print_head(out, "ramswap_device_priority", "gauge", "The swap of the highest priority is used first.");
		has_head = true;
		fputs("ramswap_device_priority", out);
		print_labels(out, &status->devices[i]);
		fprintf(out, " %d\n", status->devices[i].priority);
	}
}

static void print_one(FILE *out, const char *name, const char *type, const char *help, __u64 value)
{
	print_head(out, name, type, help);
	fprintf(out, "%s %llu\n", name, (unsigned long long)value);
}

static void print_total(FILE *out, const struct status_total *total)
{
	print_one(out, "ramswap_size_bytes", "gauge", "All swaps together.", total->size);
	print_one(out, "ramswap_used_bytes", "gauge", "Used of all swaps.", total->used);
	print_one(out, "ramswap_cached_bytes", "gauge", "Of what is used: in memory, too.", total->cached);
	print_one(out, "ramswap_resident_bytes", "gauge", "Memory that zram swaps take.", total->resident);
	print_one(out, "ramswap_zswap_pool_bytes", "gauge", "Memory that zswap takes.", total->zswap);
	print_head(out, "ramswap_gained_bytes", "gauge", "Memory that is gained by all swaps.");
	fprintf(out, "ramswap_gained_bytes %lld\n", (long long)total->gained);
}

static void print_counters(FILE *out, const struct ramswap_status *status)
{
	const struct status_counters *counters = &status->counters;

	if (!status->has_counters)
		return;
	print_one(out, "ramswap_in_bytes_total", "counter", "Came back from swap devices.",
		status_times(counters->in, status->page_size));
	print_one(out, "ramswap_out_bytes_total", "counter", "Went to swap devices.",
		status_times(counters->out, status->page_size));
	if (!counters->has_zeros)
		return;
	print_one(out, "ramswap_zeros_in_bytes_total", "counter", "Pages of zeros that came back without a device.",
		status_times(counters->zeros_in, status->page_size));
	print_one(out, "ramswap_zeros_out_bytes_total", "counter", "Pages of zeros that were kept without a device.",
		status_times(counters->zeros_out, status->page_size));
}

static void print_upkeep(FILE *out, const struct ramswap_status *status)
{
	if (status->has_written)
		print_one(out, "ramswap_written_back_24_hours_bytes", "gauge", "Written back by upkeep in 24 hours.",
			status->written);
}

static void print_pressure(FILE *out, const struct ramswap_facts *facts)
{
	static const char name[] = "ramswap_memory_pressure_seconds_total";

	if (facts->pressure_some_10 < 0)
		return;
	print_head(out, name, "counter", "Time in which some program, or every one, waited for memory.");
	fprintf(out, "%s{kind=\"some\"} %.6f\n", name, (double)facts->pressure_some_total * 1e-6);
	fprintf(out, "%s{kind=\"full\"} %.6f\n", name, (double)facts->pressure_full_total * 1e-6);
}

static void print_groups(FILE *out, const struct status_groups *groups)
{
	if (groups->count)
		print_head(out, "ramswap_group_bytes", "gauge",
			"Swap of a control group, without that of the groups in it.");
	for (size_t i = 0; i < groups->count; i++) {
		fputs("ramswap_group_bytes{group=\"", out);
		print_value(out, groups->list[i].path);
		fprintf(out, "\"} %llu\n", (unsigned long long)groups->list[i].own);
	}
}

static void print_latency(FILE *out, const struct measure_latency *latency)
{
	static const char name[] = "ramswap_swap_in_latency_seconds";
	const struct measure_times *in = &latency->in;
	const struct {
		const char *quantile;
		__u64 time;
	} times[] = { { "0.5", in->p50 }, { "0.9", in->p90 }, { "0.99", in->p99 }, { "1", in->max } };

	if (!in->count)
		return;
	print_head(out, name, "summary", "How long a program waits for a page, measured when this was asked for.");
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		fprintf(out, "%s{quantile=\"%s\"} %.9f\n", name, times[i].quantile, (double)times[i].time * SECONDS);
	fprintf(out, "%s_sum %.9f\n", name, in->mean * (double)in->count * SECONDS);
	fprintf(out, "%s_count %llu\n", name, (unsigned long long)in->count);
}

void status_print_prometheus(FILE *out, const struct ramswap_facts *facts, const struct ramswap_status *status,
	const struct status_groups *groups, const struct measure_latency *latency)
{
	for (size_t i = 0; i < sizeof(device_metrics) / sizeof(*device_metrics); i++)
		print_device_metric(out, status, &device_metrics[i]);
	print_priorities(out, status);
	print_total(out, &status->total);
	print_counters(out, status);
	print_upkeep(out, status);
	print_pressure(out, facts);
	if (groups)
		print_groups(out, groups);
	if (latency)
		print_latency(out, latency);
}
