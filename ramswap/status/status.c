// SPDX-License-Identifier: GPL-2.0-or-later
#include "status.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/number.h"

#define BACK_BLOCK 4096 /* the unit of bd_stat, whatever the page size is */
#define LAST_WITH_FALSE_FAILURES 6002

const char *status_kind_word(enum status_kind kind)
{
	static const char *const words[] = { "zram", "pmem", "brd", "disk", "file" };

	return words[kind];
}

/* Whether name is prefix and digits, as the kernel numbers devices; what follows the digits may be rest. */
static bool is_numbered(const char *name, const char *prefix, const char *rest)
{
	size_t digits;

	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return false;
	name += strlen(prefix);
	digits = strspn(name, "0123456789");
	return digits && (!name[digits] || strspn(name + digits, rest) == strlen(name + digits));
}

static enum status_kind kind_of(const struct ramswap_facts *facts, const struct ramswap_swap *swap)
{
	if (swap->is_file)
		return STATUS_FILE;
	for (size_t i = 0; i < facts->block_count; i++) {
		static const enum status_kind kinds[] = { [RAMSWAP_DISK] = STATUS_DISK, [RAMSWAP_ZRAM] = STATUS_ZRAM,
			[RAMSWAP_PMEM] = STATUS_PMEM, [RAMSWAP_BRD] = STATUS_BRD };

		if (!strcmp(facts->blocks[i].name, swap->device))
			return kinds[facts->blocks[i].kind];
	}
	if (is_numbered(swap->device, "zram", ""))
		return STATUS_ZRAM;
	/* "pmem0", "pmem0.1", "pmem0s" of a namespace in sector mode, "pmem0p1" */
	if (is_numbered(swap->device, "pmem", ".sp0123456789"))
		return STATUS_PMEM;
	return is_numbered(swap->device, "ram", "") ? STATUS_BRD : STATUS_DISK;
}

static const struct ramswap_zram *find_zram(const struct ramswap_facts *facts, const char *name)
{
	__u64 number;

	if (!is_numbered(name, "zram", "") || number_parse(name + strlen("zram"), 0, ~0U, &number))
		return NULL;
	for (size_t i = 0; i < facts->zram_count; i++)
		if (facts->zrams[i].number == number)
			return &facts->zrams[i];
	return NULL;
}

static void take_counts(struct status_device *device, const struct ramswap_zram *zram, __u64 page_size)
{
	device->same = status_times(zram->same_pages, page_size);
	device->huge = status_times(zram->huge_pages, page_size);
	device->huge_ever = status_times(zram->huge_pages_ever, page_size);
	device->written_back = status_times(zram->back_pages, BACK_BLOCK);
	device->back_reads = status_times(zram->back_reads, BACK_BLOCK);
	device->back_writes = status_times(zram->back_writes, BACK_BLOCK);
	device->failed_reads = zram->failed_reads;
	device->failed_writes = zram->failed_writes;
}

static int take_store(struct status_device *device, const struct ramswap_zram *zram, const struct ramswap_facts *facts)
{
	device->size = zram->disksize;
	strcpy(device->algorithm, zram->algorithm);
	strcpy(device->recompression, zram->recompression);
	if (*zram->backing && !(device->backing = strdup(zram->backing)))
		return -ENOMEM;
	if (!zram->stat_fields)
		return 0;
	device->has_store = true;
	device->stored = zram->stored;
	device->compressed = zram->compressed;
	device->resident = zram->resident;
	device->resident_peak = zram->resident_peak;
	device->limit = zram->limit;
	take_counts(device, zram, facts->page_size);
	device->in_memory = status_less(device->stored, device->written_back);
	device->overhead = status_minus(device->resident, device->compressed);
	device->saved = status_minus(device->stored, device->resident);
	if (device->resident)
		device->ratio = (double)device->in_memory / (double)device->resident;
	if (device->limit)
		device->limit_used = (double)device->resident / (double)device->limit;
	if (status_release_number(facts->release) <= LAST_WITH_FALSE_FAILURES)
		device->failed_reads_harmless =
			zram->failed_reads < zram->back_reads ? zram->failed_reads : zram->back_reads;
	return 0;
}

static int take_swap(struct ramswap_status *status, const struct ramswap_facts *facts, const struct ramswap_swap *swap)
{
	struct status_device *device = &status->devices[status->device_count++];
	const struct ramswap_zram *zram;
	int err;

	device->path = strdup(swap->path ? swap->path : "");
	if (!device->path)
		return -ENOMEM;
	strcpy(device->name, swap->is_file ? "" : swap->device);
	device->kind = kind_of(facts, swap);
	device->is_ours = swap->is_ours;
	device->is_swap = true;
	device->priority = swap->priority;
	device->size = swap->size;
	device->used = swap->used;
	if (device->kind != STATUS_ZRAM && device->kind != STATUS_BRD)
		device->saved = status_minus(device->used, 0);
	zram = device->kind == STATUS_ZRAM ? find_zram(facts, device->name) : NULL;
	err = zram ? take_store(device, zram, facts) : 0;
	if (!err && device->has_store) {
		device->has_difference = true;
		status_find_difference(facts, status, device);
	}
	return err;
}

static bool is_listed(const struct ramswap_status *status, const char *name)
{
	for (size_t i = 0; i < status->device_count; i++)
		if (!strcmp(status->devices[i].name, name))
			return true;
	return false;
}

/* A zram device with a size that is no swap takes memory, too. */
static int take_other_zram(struct ramswap_status *status, const struct ramswap_facts *facts,
	const struct ramswap_zram *zram)
{
	struct status_device *device = &status->devices[status->device_count];
	char name[sizeof(device->name)];

	snprintf(name, sizeof(name), "zram%u", zram->number);
	if (!zram->is_set_up || is_listed(status, name))
		return 0;
	status->device_count++;
	strcpy(device->name, name);
	device->kind = STATUS_ZRAM;
	device->is_ours = zram->is_ours;
	if (asprintf(&device->path, "/dev/%s", name) < 0) {
		device->path = NULL;
		return -ENOMEM;
	}
	return take_store(device, zram, facts);
}

static int compare(const void *one, const void *other)
{
	const struct status_device *a = one, *b = other;

	if (a->is_ours != b->is_ours)
		return a->is_ours ? -1 : 1;
	if (a->is_swap != b->is_swap)
		return a->is_swap ? -1 : 1;
	if (a->priority != b->priority)
		return a->priority > b->priority ? -1 : 1;
	return strcmp(a->path, b->path);
}

static void sum_up(struct ramswap_status *status, const struct ramswap_memory *memory)
{
	struct status_total *total = &status->total;
	__u64 costs;

	total->cached = memory->swap_cached;
	total->zswap = memory->zswap;
	total->zswapped = memory->zswapped;
	for (size_t i = 0; i < status->device_count; i++) {
		const struct status_device *device = &status->devices[i];

		if (!device->is_swap)
			continue;
		total->size = status_plus(total->size, device->size);
		total->used = status_plus(total->used, device->used);
		total->resident = status_plus(total->resident, device->resident);
		if (device->kind == STATUS_BRD)
			total->copied = status_plus(total->copied, device->used);
	}
	costs = status_plus(status_plus(total->cached, total->resident), status_plus(total->copied, total->zswap));
	total->gained = status_minus(total->used, costs);
}

static int fill(struct ramswap_status *status, const struct ramswap_facts *facts)
{
	int err = 0;

	for (size_t i = 0; i < facts->swap_count && !err; i++)
		err = take_swap(status, facts, &facts->swaps[i]);
	for (size_t i = 0; i < facts->zram_count && !err; i++)
		err = take_other_zram(status, facts, &facts->zrams[i]);
	if (err)
		return err;
	if (status->device_count)
		qsort(status->devices, status->device_count, sizeof(*status->devices), compare);
	sum_up(status, &facts->memory);
	return 0;
}

int ramswap_status_make(const struct ramswap_facts *facts, const struct status_counters *counters,
	struct ramswap_status **status)
{
	struct ramswap_status *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return -ENOMEM;
	made->page_size = facts->page_size;
	made->has_counters = counters;
	if (counters)
		made->counters = *counters;
	made->devices = calloc(facts->swap_count + facts->zram_count + 1, sizeof(*made->devices));
	err = made->devices ? fill(made, facts) : -ENOMEM;
	if (err) {
		ramswap_status_free(made);
		return err;
	}
	*status = made;
	return 0;
}

void ramswap_status_free(struct ramswap_status *status)
{
	if (!status)
		return;
	for (size_t i = 0; i < status->device_count; i++) {
		free(status->devices[i].path);
		free(status->devices[i].backing);
	}
	free(status->devices);
	free(status);
}
