// SPDX-License-Identifier: GPL-2.0-or-later
#include "status_table.h"
#include <stdio.h>
#include "../../lib/text/text.h"
#include "cli.h"

enum { GROUPS_SHOWN = 20 };

enum {
	NAME, KIND, OURS, PRIO, SIZE, USED, STORED, COMPR, RAM, PEAK, OVERHEAD, SAME, HUGE, BACK, BACK_READ, BACK_WRITTEN,
	RATIO, SAVED, LIMIT, LIMIT_USED, FAILED_READS, FAILED_WRITES, NOT_STORED, ALGORITHM, BACKING,
};

static const struct option_word columns[] = {
	{ "NAME", NAME },
	{ "KIND", KIND },
	{ "OURS", OURS },
	{ "PRIO", PRIO | TABLE_NUMBER },
	{ "SIZE", SIZE | TABLE_NUMBER },
	{ "USED", USED | TABLE_NUMBER },
	{ "STORED", STORED | TABLE_NUMBER },
	{ "COMPR", COMPR | TABLE_NUMBER },
	{ "RAM", RAM | TABLE_NUMBER },
	{ "PEAK", PEAK | TABLE_NUMBER },
	{ "OVERHEAD", OVERHEAD | TABLE_NUMBER },
	{ "SAME", SAME | TABLE_NUMBER },
	{ "HUGE", HUGE | TABLE_NUMBER },
	{ "BACK", BACK | TABLE_NUMBER },
	{ "BACK-READ", BACK_READ | TABLE_NUMBER },
	{ "BACK-WRITTEN", BACK_WRITTEN | TABLE_NUMBER },
	{ "RATIO", RATIO | TABLE_NUMBER },
	{ "SAVED", SAVED | TABLE_NUMBER },
	{ "LIMIT", LIMIT | TABLE_NUMBER },
	{ "LIMIT%", LIMIT_USED | TABLE_NUMBER },
	{ "FAILED-READS", FAILED_READS | TABLE_NUMBER },
	{ "FAILED-WRITES", FAILED_WRITES | TABLE_NUMBER },
	{ "NOT-STORED", NOT_STORED | TABLE_NUMBER },
	{ "ALGORITHM", ALGORITHM },
	{ "BACKING", BACKING },
	{ NULL, 0 },
};

#define USUAL "NAME,OURS,PRIO,SIZE,USED,STORED,RAM,RATIO,SAVED,LIMIT%"

const struct command_option status_view_options[] = {
	TABLE_OPTIONS(struct status_view, table, columns),
	{ OPTION_FLAG, 'b', "bytes", NULL, "print sizes in bytes", OPTION_FIELD(struct status_view, bytes) },
	{ 0 },
};

enum { GROUP, OWN, ALL };

static const struct option_word group_columns[] = {
	{ "GROUP", GROUP | TABLE_CUT },
	{ "OWN", OWN | TABLE_NUMBER },
	{ "ALL", ALL | TABLE_NUMBER },
	{ NULL, 0 },
};

/* The same settings for all cells. */
struct rows {
	const struct status_view *view;
	struct table *table;
};

static void put_size(const struct rows *rows, unsigned int column, __u64 bytes)
{
	char text[16];

	if (rows->view->bytes)
		table_put(rows->table, column, "%llu", (unsigned long long)bytes);
	else
		table_put(rows->table, column, "%s", status_print_size(text, bytes));
}

static void put_signed(const struct rows *rows, unsigned int column, __s64 bytes)
{
	char text[16];

	if (rows->view->bytes)
		table_put(rows->table, column, "%lld", (long long)bytes);
	else
		table_put(rows->table, column, "%s", status_print_signed(text, bytes));
}

static void put_store(const struct rows *rows, const struct status_device *device)
{
	put_size(rows, STORED, device->stored);
	put_size(rows, COMPR, device->compressed);
	put_size(rows, RAM, device->resident);
	put_size(rows, PEAK, device->resident_peak);
	put_signed(rows, OVERHEAD, device->overhead);
	put_size(rows, SAME, device->same);
	put_size(rows, HUGE, device->huge);
	put_size(rows, BACK, device->written_back);
	put_size(rows, BACK_READ, device->back_reads);
	put_size(rows, BACK_WRITTEN, device->back_writes);
	if (device->ratio > 0)
		table_put(rows->table, RATIO, "%.2f", device->ratio);
	if (device->limit) {
		put_size(rows, LIMIT, device->limit);
		table_put(rows->table, LIMIT_USED, "%.0f%%", device->limit_used * 100);
	}
	table_put(rows->table, FAILED_READS, "%llu", (unsigned long long)device->failed_reads);
	table_put(rows->table, FAILED_WRITES, "%llu", (unsigned long long)device->failed_writes);
	if (device->has_difference)
		put_signed(rows, NOT_STORED, device->difference.bytes);
}

static void put_device(const struct rows *rows, const struct status_device *device)
{
	table_row(rows->table);
	table_put(rows->table, NAME, "%s", device->path);
	table_put(rows->table, KIND, "%s", status_kind_word(device->kind));
	table_put(rows->table, OURS, "%s", device->is_ours ? "yes" : "no");
	put_size(rows, SIZE, device->size);
	if (device->is_swap) {
		table_put(rows->table, PRIO, "%d", device->priority);
		put_size(rows, USED, device->used);
		put_signed(rows, SAVED, device->saved);
	}
	if (device->kind == STATUS_BRD)
		put_size(rows, RAM, device->used);
	table_put(rows->table, ALGORITHM, "%s", device->algorithm);
	if (device->backing)
		table_put(rows->table, BACKING, "%s", device->backing);
	if (device->has_store)
		put_store(rows, device);
}

int status_print_table(const struct status_view *view, const struct ramswap_status *status)
{
	struct rows rows = { .view = view };
	int code;

	rows.table = table_open(&view->table, columns, USUAL, EXIT_ERROR, &code);
	if (!rows.table)
		return code;
	for (size_t i = 0; i < status->device_count; i++)
		put_device(&rows, &status->devices[i]);
	return table_close(rows.table);
}

int status_print_groups(const struct status_view *view, const struct status_groups *groups)
{
	struct table_settings settings = { .no_headings = view->table.no_headings, .raw = view->table.raw };
	size_t shown = groups->count;
	struct rows rows = { .view = view };
	int code;

	if (table_is_explained(&settings) && shown > GROUPS_SHOWN)
		shown = GROUPS_SHOWN;
	rows.table = table_open(&settings, group_columns, "GROUP,OWN,ALL", EXIT_ERROR, &code);
	if (!rows.table)
		return code;
	for (size_t i = 0; i < shown; i++) {
		table_row(rows.table);
		table_put(rows.table, GROUP, "%s", groups->list[i].path);
		put_size(&rows, OWN, groups->list[i].own);
		put_size(&rows, ALL, groups->list[i].swap);
	}
	code = table_close(rows.table);
	if (!code && shown < groups->count)
		printf("%zu more groups have pages in swap: see --raw or --json.\n", groups->count - shown);
	else if (!code && !groups->count && table_is_explained(&settings))
		puts("No control group has pages in swap.");
	return code;
}

void status_print_summary(const struct ramswap_facts *facts, const struct ramswap_status *status)
{
	const struct status_total *total = &status->total;
	char one[16], other[16], gained[16];

	if (status->total.size)
		printf("%s of %s are used; %s of memory are gained.\n", status_print_size(one, total->used),
			status_print_size(other, total->size), status_print_signed(gained, total->gained));
	else
		puts("There is no swap.");
	if (facts->pressure_some_10 >= 0)
		printf("Memory pressure in the last 10 s: some %.2f %%, full %.2f %%.\n", facts->pressure_some_10,
			facts->pressure_full_10);
	if (status->has_counters)
		printf("Since the start: %s came back from swap, %s went to it.\n",
			status_print_size(one, status_times(status->counters.in, status->page_size)),
			status_print_size(other, status_times(status->counters.out, status->page_size)));
	if (status->has_written)
		printf("In the last 24 hours ramswap maintain wrote %s back to disk.\n",
			status_print_size(one, status->written));
}

void status_print_latency(const struct measure_latency *latency)
{
	printf("A page from ");
	print_safely(stdout, latency->swap);
	if (latency->is_zswap_enabled)
		printf(", or from zswap in front of it,");
	printf(" takes %.1f us (p50), %.1f us (p99): %llu pages were timed.\n", (double)latency->in.p50 / 1000,
		(double)latency->in.p99 / 1000, (unsigned long long)latency->in.count);
}

void status_print_sentences(const struct status_sentences *sentences)
{
	const struct status_device *device = NULL;

	for (size_t i = 0; i < sentences->count; i++) {
		const struct status_sentence *sentence = &sentences->list[i];

		if (!i || sentence->device != device) {
			putchar('\n');
			print_safely(stdout, sentence->device ? sentence->device->path : "All swaps");
			puts(":");
		}
		device = sentence->device;
		printf("  %s\n", sentence->text);
	}
}
