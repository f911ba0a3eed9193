// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory of a special purpose: a dax device is mapped by programs, and is no block device. It can become memory of the
 * kernel, a node of its own, which is better than swap: a page in it is addressed, not copied back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "costs.h"
#include "parts.h"
#include "sources.h"

static bool is_memory_already(const struct ramswap_dax *dax)
{
	return !strcmp(dax->driver, "kmem");
}

static void add(struct plan_draft *draft, const struct ramswap_dax *dax)
{
	struct ramswap_device *device = plan_add_device(draft, RAMSWAP_AS_MEMORY, dax->name);

	if (!device)
		return;
	device->size = dax->size;
	device->priority = -1;
	device->is_up = is_memory_already(dax);
	plan_cost_memory(draft, device);
	plan_say(draft, RAMSWAP_REASON, "dax-as-memory", dax->name,
		"%s become memory of the kernel, node %d; the kernel takes %s for a struct page of each page, from the "
		"RAM that there is unless the driver puts them into the device",
		PLAN_SIZE(dax->size), dax->node, PLAN_SIZE(device->cost_worst));
	if (draft->facts->can_hibernate && !device->is_up)
		plan_say(draft, RAMSWAP_WARNING, "hibernation-memory", dax->name,
			"a kernel that resumes from hibernation does not have this memory yet, so the image does not "
			"fit: do not hibernate while it is memory");
}

static bool has_room_for_pages(struct plan_draft *draft, const struct ramswap_dax *dax)
{
	struct ramswap_device device = { .size = dax->size };

	plan_cost_memory(draft, &device);
	if (device.cost_worst <= draft->ram / 4)
		return true;
	plan_say(draft, RAMSWAP_REFUSAL, "dax-too-large", dax->name,
		"%s as memory of the kernel would need %s of RAM for a struct page of each page, more than a quarter "
		"of the %s that there is: as a block device (ndctl create-namespace --mode=sector) it needs none",
		PLAN_SIZE(dax->size), PLAN_SIZE(device.cost_worst), PLAN_SIZE(draft->ram));
	return false;
}

/* Whether it could become memory at all; else that is refused. */
static bool can_be_memory(struct plan_draft *draft, const struct ramswap_dax *dax)
{
	if (!draft->facts->can_kmem) {
		plan_say(draft, RAMSWAP_REFUSAL, "no-kmem", dax->name,
			"use=system-ram needs the module kmem, which the kernel %s does not have",
			draft->facts->release);
		return false;
	}
	if (!dax->size || dax->node < 0) {
		plan_say(draft, RAMSWAP_REFUSAL, "dax-unknown", dax->name, "use=system-ram: the kernel does not say %s",
			dax->size ? "which node its memory would be" : "how large it is");
		return false;
	}
	return has_room_for_pages(draft, dax);
}

static void make_memory(struct plan_draft *draft, const struct ramswap_dax *dax)
{
	if (is_memory_already(dax) || can_be_memory(draft, dax))
		add(draft, dax);
}

static void decide(struct plan_draft *draft, const struct ramswap_dax *dax)
{
	switch (plan_use(draft, dax->name, NULL)) {
	case RAMSWAP_USE_SYSTEM_RAM:
		make_memory(draft, dax);
		break;
	case RAMSWAP_USE_YES:
		plan_say(draft, RAMSWAP_REFUSAL, "dax-cannot-swap", dax->name,
			"a dax device is no block device, so it cannot be swap: use=system-ram makes memory of the "
			"kernel of it, ndctl create-namespace --mode=sector a block device");
		break;
	case RAMSWAP_USE_NO:
		plan_say(draft, dax->is_ours ? RAMSWAP_ADVICE : RAMSWAP_REASON,
			dax->is_ours ? "own-unwanted" : "source-unwanted", dax->name,
			dax->is_ours ? "it is memory of the kernel, and no longer wanted: ramswap down %s" :
				       "[source %s] says use=no",
			dax->name);
		break;
	default:
		if (is_memory_already(dax))
			plan_say(draft, RAMSWAP_REASON, "dax-is-memory", dax->name,
				"its %s are memory of the kernel, node %d", PLAN_SIZE(dax->size), dax->node);
		else
			plan_say(draft, RAMSWAP_ADVICE, "dax-could-be-memory", dax->name,
				"%s that only programs which ask for it can use: [source %s] use=system-ram makes it a "
				"node of the kernel's memory, where a page is slower, and still addressed without a "
				"copy",
				PLAN_SIZE(dax->size), dax->name);
	}
}

void plan_dax(struct plan_draft *draft)
{
	for (size_t i = 0; i < draft->facts->dax_count; i++)
		decide(draft, &draft->facts->daxes[i]);
}

/* The sum of ranges of that kind; *count: how many there are, also those whose size the kernel does not tell. */
static __u64 ranges_of_kind(const struct ramswap_facts *facts, enum ramswap_range_kind kind, size_t *count)
{
	__u64 size = 0;

	*count = 0;
	for (size_t i = 0; i < facts->range_count; i++) {
		const struct ramswap_range *range = &facts->ranges[i];

		if (range->kind != kind)
			continue;
		++*count;
		if (range->end > range->start)
			size = plan_sum(size, plan_sum(range->end - range->start, 1));
	}
	return size;
}

/* "450.0M", or words where the size is not known, as it is not to users other than root. */
static const char *size_or_some(char text[PLAN_SIZE_TEXT_MAX], __u64 size)
{
	return size ? plan_size_text(text, size) : "some";
}

/* memory that mem= cuts off is seen by nobody; memmap= makes a device of it. The number may be hexadecimal. */
static bool is_cut_off(const char *line)
{
	for (const char *at = line; at && (at = strstr(at, "mem=")); at++)
		if ((at == line || at[-1] == ' ') && at[4] >= '0' && at[4] <= '9' && strtoull(at + 4, NULL, 0))
			return true;
	return false;
}

void plan_unused_ranges(struct plan_draft *draft)
{
	const struct ramswap_facts *facts = draft->facts;
	char text[PLAN_SIZE_TEXT_MAX];
	size_t legacy, persistent, soft;
	__u64 size = plan_sum(ranges_of_kind(facts, RAMSWAP_RANGE_PMEM_LEGACY, &legacy),
		ranges_of_kind(facts, RAMSWAP_RANGE_PMEM, &persistent));
	__u64 special = ranges_of_kind(facts, RAMSWAP_RANGE_SOFT_RESERVED, &soft);

	if (legacy + persistent && !facts->namespace_count && !plan_has_device(draft->plan, RAMSWAP_ON_PMEM))
		plan_say(draft, RAMSWAP_ADVICE, "pmem-no-driver", "",
			"The firmware or the command line sets %s of memory apart, and no driver has taken it%s",
			size_or_some(text, size),
			facts->can_pmem ? ": modprobe -a nd_pmem nd_e820 nfit" : "; this kernel has no nd_pmem");
	if (soft && !facts->dax_count)
		plan_say(draft, RAMSWAP_ADVICE, "soft-reserved", "",
			"%s of memory are for a special purpose (CXL, HBM), and no dax device has them: modprobe -a "
			"dax_hmem device_dax",
			size_or_some(text, special));
	if (is_cut_off(facts->command_line))
		plan_say(draft, RAMSWAP_ADVICE, "memory-cut-off", "",
			"The kernel's command line has mem=: memory above it, if there is any, is used by nobody, and "
			"memmap=SIZE!START would make it a device that is swap without taking RAM");
}
