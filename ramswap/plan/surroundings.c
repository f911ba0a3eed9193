// SPDX-License-Identifier: GPL-2.0-or-later
/* What else of a machine bears on swap in memory. */
#include <string.h>
#include "existing.h"
#include "parts.h"

static void look_at_kdump(struct plan_draft *draft)
{
	if (draft->facts->crash_size)
		plan_say(draft, RAMSWAP_REASON, "crash-kernel", "",
			"%s are reserved for a crash kernel: no source, and MemTotal is without them",
			PLAN_SIZE(draft->facts->crash_size));
}

static void look_at_group(struct plan_draft *draft)
{
	const struct ramswap_facts *facts = draft->facts;

	if (facts->has_group_swap_max && !facts->group_swap_max && draft->plan->device_count)
		plan_say(draft, RAMSWAP_ADVICE, "group-no-swap", "",
			"The control group of this shell may not swap (memory.swap.max is 0): its programs will not "
			"use the devices");
}

/* A swap file on a file system in RAM: a page goes from RAM to RAM, and the file system needs memory for it. */
static void look_at_circles(struct plan_draft *draft)
{
	for (size_t i = 0; i < draft->facts->swap_count; i++) {
		const struct ramswap_swap *swap = &draft->facts->swaps[i];
		const struct ramswap_block *block = plan_block_of(draft->facts, swap->major, swap->minor);

		if (!swap->is_file || !block || block->kind == RAMSWAP_DISK || block->kind == RAMSWAP_PMEM)
			continue;
		plan_say(draft, RAMSWAP_WARNING, "swap-file-in-ram", block->name,
			"%s is a swap file on %s, which is RAM: to swap to it takes memory when there is none; swapoff "
			"it",
			swap->path ? swap->path : "one", block->name);
	}
}

/* A label proves nothing: what is ours is in the state. */
static void look_at_labels(struct plan_draft *draft)
{
	for (size_t i = 0; i < draft->facts->block_count; i++) {
		const struct ramswap_block *block = &draft->facts->blocks[i];
		const struct ramswap_swap *swap = plan_swap_of(draft->facts, block->name);

		if (swap && !swap->is_ours && !strcmp(block->label, "ramswap"))
			plan_say(draft, RAMSWAP_WARNING, "label-not-ours", block->name,
				"it is swap and is labelled ramswap, and this ramswap did not make it: it is somebody "
				"else's");
	}
}

static void look_at_pressure(struct plan_draft *draft)
{
	const struct ramswap_facts *facts = draft->facts;

	if (facts->pressure_some_10 < 0)
		return;
	if (!facts->pressure_some_total)
		plan_say(draft, RAMSWAP_REASON, "pressure", "",
			"No program has waited for memory since this machine started (/proc/pressure/memory)");
	else
		plan_say(draft, RAMSWAP_REASON, "pressure", "",
			"Programs waited for memory for %.1f s since this machine started, and for %.2f %% of the last "
			"minute (/proc/pressure/memory): ramswap advise watches that",
			(double)facts->pressure_some_total / 1e6, facts->pressure_some_60);
}

static void look_at_high_memory(struct plan_draft *draft)
{
	if (draft->facts->memory.high)
		plan_say(draft, RAMSWAP_REASON, "high-memory", "",
			"%s of RAM are above what this 32-bit kernel maps: compressed pages of zram may lie there",
			PLAN_SIZE(draft->facts->memory.high));
}

void plan_surroundings(struct plan_draft *draft)
{
	look_at_high_memory(draft);
	look_at_kdump(draft);
	look_at_group(draft);
	look_at_circles(draft);
	look_at_labels(draft);
	look_at_pressure(draft);
}
