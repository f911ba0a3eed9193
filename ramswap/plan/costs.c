// SPDX-License-Identifier: GPL-2.0-or-later
#include "costs.h"
#include <stdio.h>
#include <string.h>

/* Bytes a page, unless they say otherwise. */
enum {
	/* struct zram_table_entry: a handle, flags, a time: 24 with CONFIG_ZRAM_MEMORY_TRACKING, 16 on 7.2. */
	TABLE_ENTRY = 24,
	TABLE_ENTRY_32_BIT = 16,
	/* zsmalloc: a handle of each stored page; a struct zspage of each page of memory that it takes, at most. */
	HANDLE = 8,
	ZSPAGE = 64,
	/* swapon(2): a count, a control group, bits; while a page is in swap, what the cache remembers of it. */
	SWAP_SLOT = 4,
	SWAP_SLOT_USED = 8,
	STRUCT_PAGE = 64,
	/* Of each processor: what an algorithm works in. */
	STREAM_FAST = 64 << 10,
	STREAM_DENSE = 320 << 10,
	STREAM_ZSTD_BEFORE_6_12 = 3 << 19,
};

static bool is_before_6_12(const char *release)
{
	unsigned int major, minor;

	/* A release that cannot be read may be old. */
	return sscanf(release, "%3u.%3u", &major, &minor) != 2 || major < 6 || (major == 6 && minor < 12);
}

static __u64 stream_size(const struct ramswap_facts *facts, const char *algorithm)
{
	if (!*algorithm || !strncmp(algorithm, "lzo", 3) || (!strncmp(algorithm, "lz4", 3) && algorithm[3] != 'h'))
		return STREAM_FAST;
	if (!strncmp(algorithm, "zstd", 4) && is_before_6_12(facts->release))
		return STREAM_ZSTD_BEFORE_6_12;
	return STREAM_DENSE;
}

static __u64 times(__u64 count, __u64 size)
{
	__u64 product;

	return __builtin_mul_overflow(count, size, &product) ? ~0ULL : product;
}

/* holds: so much of its size can be in use. */
static void set_gain(struct ramswap_device *device, __u64 holds)
{
	if (holds > device->size)
		holds = device->size;
	device->gain_expected = plan_less(holds, device->cost_expected);
}

void plan_cost_zram(const struct plan_draft *draft, struct ramswap_device *device)
{
	const struct ramswap_facts *facts = draft->facts;
	__u64 pages = device->size / draft->page, stored, streams = stream_size(facts, device->algorithm);

	if (*device->recompression)
		streams += stream_size(facts, device->recompression);
	device->cost_empty = plan_sum(times(pages, facts->is_32_bit ? TABLE_ENTRY_32_BIT : TABLE_ENTRY),
		plan_sum(times(pages, SWAP_SLOT), times(facts->processors, streams)));
	stored = plan_times(device->size, 1 / device->ratio, 1);
	if (stored > device->limit)
		stored = device->limit;
	device->cost_expected = plan_sum(device->cost_empty,
		plan_sum(times(pages, HANDLE + SWAP_SLOT_USED), plan_sum(stored, times(stored / draft->page, ZSPAGE))));
	device->cost_worst = plan_sum(device->cost_empty,
		plan_sum(times(pages, HANDLE + SWAP_SLOT_USED),
			plan_sum(device->limit, times(device->limit / draft->page, ZSPAGE))));
	set_gain(device, plan_times(device->limit, device->ratio, 1));
}

void plan_cost_pmem(const struct plan_draft *draft, struct ramswap_device *device)
{
	__u64 pages = device->size / draft->page;

	device->cost_empty = times(pages, SWAP_SLOT);
	device->cost_expected = device->cost_worst = times(pages, SWAP_SLOT + SWAP_SLOT_USED);
	set_gain(device, device->size);
}

void plan_cost_brd(const struct plan_draft *draft, struct ramswap_device *device)
{
	plan_cost_pmem(draft, device);
	/* A page of the disk stays when it was written once. */
	device->cost_expected = device->cost_worst = plan_sum(device->cost_worst, device->size);
	set_gain(device, device->size);
}

void plan_cost_memory(const struct plan_draft *draft, struct ramswap_device *device)
{
	device->cost_empty = device->cost_expected = device->cost_worst =
		times(device->size / draft->page, STRUCT_PAGE);
	set_gain(device, device->size);
}

__u64 plan_cost_empty(const struct ramswap_plan *plan)
{
	__u64 sum = 0;

	for (size_t i = 0; i < plan->device_count; i++)
		sum = plan_sum(sum, plan->devices[i].cost_empty);
	return sum;
}

__u64 plan_cost_worst(const struct ramswap_plan *plan)
{
	__u64 sum = 0;

	for (size_t i = 0; i < plan->device_count; i++)
		sum = plan_sum(sum, plan->devices[i].cost_worst);
	return sum;
}
