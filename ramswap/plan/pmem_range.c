// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory that the command line or the firmware sets apart, and that no driver has taken yet. ramswap up loads the
 * drivers, and plans again with what they find: a file system, maybe.
 */
#include <stdio.h>
#include "../facts/usable.h"
#include "costs.h"
#include "parts.h"
#include "pmem.h"
#include "sources.h"

static __u64 size_of(const struct ramswap_range *range)
{
	return range->end > range->start ? plan_sum(range->end - range->start, 1) : 0;
}

static void add(struct plan_draft *draft, const char *name, __u64 size)
{
	struct ramswap_device *device = plan_add_device(draft, RAMSWAP_ON_PMEM, name);

	if (!device)
		return;
	device->size = size < plan_swap_most(draft) ? size : plan_swap_most(draft);
	device->priority = -1;
	plan_cost_pmem(draft, device);
	plan_say(draft, RAMSWAP_REASON, "pmem-module", name,
		"%s of memory that the kernel does not use, and no driver has taken: ramswap up loads nd_e820 and "
		"nd_pmem, and takes it if nothing is in it; it comes before zram",
		PLAN_SIZE(size));
	if (draft->facts->can_hibernate)
		plan_say(draft, RAMSWAP_WARNING, "hibernation-loses", name,
			"this machine could hibernate, and the pages in it would be lost: ramswap down has to come "
			"before that");
}

/* Whether the range is to be used; the reason against it comes from who looks at it once it has a driver. */
static bool is_wanted(struct plan_draft *draft, const char *name, const char *space, __u64 size)
{
	enum ramswap_use use = plan_use(draft, name, space);

	if (use == RAMSWAP_USE_SYSTEM_RAM)
		plan_refuse_as_memory(draft, name);
	if (size < FACTS_SOURCE_SIZE_LEAST || use == RAMSWAP_USE_NO || use == RAMSWAP_USE_SYSTEM_RAM ||
		plan_is_pmem_too_large(draft, name, size, use))
		return false;
	return use == RAMSWAP_USE_YES || !plan_breaks_hibernation(draft->facts);
}

void plan_pmem_ranges(struct plan_draft *draft)
{
	const struct ramswap_facts *facts = draft->facts;
	unsigned int number = 0;

	if (facts->namespace_count || !facts->can_pmem)
		return;
	/* A device that the kernel has without a namespace is judged as it is. */
	for (size_t i = 0; i < facts->block_count; i++)
		if (facts->blocks[i].kind == RAMSWAP_PMEM)
			return;
	for (size_t i = 0; i < facts->range_count; i++) {
		char name[RAMSWAP_NAME_MAX + 1], space[RAMSWAP_NAME_MAX + 1];

		if (facts->ranges[i].kind != RAMSWAP_RANGE_PMEM_LEGACY)
			continue;
		/* The names that the kernel is going to give. */
		snprintf(name, sizeof(name), "pmem%u", number);
		snprintf(space, sizeof(space), "namespace%u.0", number++);
		if (is_wanted(draft, name, space, size_of(&facts->ranges[i])))
			add(draft, name, size_of(&facts->ranges[i]));
	}
}
