// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether there is to be a zram device, and what it is like. */
#include "zram.h"
#include <stdio.h>
#include <string.h>
#include "costs.h"
#include "existing.h"
#include "parts.h"

/* Below it there is nothing to compress. */
#define RAM_LEAST (64ULL << 20)

/* Swap of somebody else's that is in such a place; NULL: there is none. */
static const struct ramswap_swap *foreign_swap(const struct ramswap_facts *facts, enum ramswap_block_kind kind)
{
	for (size_t i = 0; i < facts->swap_count; i++) {
		const struct ramswap_swap *swap = &facts->swaps[i];
		const struct ramswap_block *block = *swap->device ? ramswap_find_block(facts, swap->device) : NULL;

		if (!swap->is_ours && block && block->kind == kind)
			return swap;
	}
	return NULL;
}

static const char *path_of(const struct ramswap_swap *swap)
{
	return swap->path ? swap->path : swap->device;
}

/* Others' swap that zram has no place beside; said. */
static bool is_taken_by_others(struct plan_draft *draft)
{
	const struct ramswap_swap *zram = foreign_swap(draft->facts, RAMSWAP_ZRAM);
	const struct ramswap_swap *pmem = foreign_swap(draft->facts, RAMSWAP_PMEM);

	if (zram)
		plan_say(draft, RAMSWAP_REASON, "zram-exists", zram->device,
			"no zram: %s is one that somebody else set up, and a second one would take the same memory; "
			"swapoff and zramctl --reset first, or [zram] use=yes",
			path_of(zram));
	else if (pmem)
		plan_say(draft, RAMSWAP_REASON, "pmem-exists", pmem->device,
			"no zram: %s, which somebody else set up, is swap in memory that is not the kernel's, and zram "
			"before it would be slower; swapoff first, then ramswap takes it, or [zram] use=yes",
			path_of(pmem));
	return zram || pmem;
}

/* Why there is none though nobody forbids it; said. */
static bool is_pointless(struct plan_draft *draft)
{
	__u64 pmem = plan_device_sizes(draft->plan, RAMSWAP_ON_PMEM);

	if (!plan_own_zram(draft->facts) && is_taken_by_others(draft))
		return true;
	if (draft->near < RAM_LEAST) {
		plan_say(draft, RAMSWAP_REASON, "memory-small", "zram", "no zram: of %s of RAM nothing can be spared",
			PLAN_SIZE(draft->near));
		return true;
	}
	if (pmem >= draft->facts->memory.total) {
		plan_say(draft, RAMSWAP_REASON, "zram-not-needed", "zram",
			"no zram: the %s in front of it are more than all of RAM (%s)", PLAN_SIZE(pmem),
			PLAN_SIZE(draft->facts->memory.total));
		return true;
	}
	return false;
}

static bool is_wanted(struct plan_draft *draft)
{
	const struct ramswap_facts *facts = draft->facts;
	enum ramswap_use use = draft->settings->zram;

	if (use == RAMSWAP_USE_NO) {
		plan_say(draft, RAMSWAP_REASON, "zram-unwanted", "zram", "no zram: [zram] use=no");
		return false;
	}
	if (!facts->can_zram && !facts->is_zram_loaded) {
		plan_say(draft, use == RAMSWAP_USE_YES ? RAMSWAP_REFUSAL : RAMSWAP_REASON, "no-zram", "zram",
			"no zram: the kernel %s does not have it", facts->release);
		return false;
	}
	if (use == RAMSWAP_USE_YES && !draft->near) {
		plan_say(draft, RAMSWAP_REFUSAL, "memory-small", "zram",
			"no zram: all of RAM is in huge pages and devices");
		return false;
	}
	return use == RAMSWAP_USE_YES || !is_pointless(draft);
}

/* Devices of ours that the plan has no use for. */
static void say_spare(struct plan_draft *draft, const struct ramswap_zram *used)
{
	for (size_t i = 0; i < draft->facts->zram_count; i++) {
		const struct ramswap_zram *zram = &draft->facts->zrams[i];
		char name[RAMSWAP_NAME_MAX + 1];

		snprintf(name, sizeof(name), "zram%u", zram->number);
		if (zram->is_ours && zram != used && plan_swap_of(draft->facts, name))
			plan_say(draft, RAMSWAP_ADVICE, "own-unwanted", name,
				"it is in use, and no longer planned: ramswap down %s", name);
	}
}

static void say_cost(struct plan_draft *draft, const struct ramswap_device *device)
{
	plan_say(draft, RAMSWAP_REASON, "zram-cost", "zram",
		"it takes %s of RAM while it is empty, %s when it is full of pages as expected, which is %s more room, "
		"and %s when pages do not compress",
		PLAN_SIZE(device->cost_empty), PLAN_SIZE(device->cost_expected), PLAN_SIZE(device->gain_expected),
		PLAN_SIZE(device->cost_worst));
	if (plan_swap_behind(draft->facts) || *device->writeback)
		return;
	plan_say(draft, RAMSWAP_WARNING, "nothing-behind", "zram",
		"there is no swap on a disk behind it: when its %s of RAM are full, pages stay in memory, and when "
		"that is full the kernel ends a program; pages that do not compress fill it soonest; swap on a disk, "
		"or writeback=, takes what does not fit",
		PLAN_SIZE(device->limit));
}

void plan_zram(struct plan_draft *draft)
{
	const struct ramswap_zram *own = plan_own_zram(draft->facts);
	struct ramswap_device device = { .kind = RAMSWAP_ON_ZRAM, .priority = -1 }, *added;
	size_t mark = draft->plan->reason_count;

	if (!is_wanted(draft)) {
		say_spare(draft, NULL);
		return;
	}
	plan_zram_algorithm(draft, &device);
	plan_zram_recompression(draft, &device);
	plan_zram_writeback(draft, &device);
	if (!plan_zram_size(draft, &device)) {
		say_spare(draft, NULL);
		return;
	}
	if (own)
		plan_keep_own(draft, &device, own, mark);
	say_spare(draft, own);
	say_cost(draft, &device);
	added = plan_add_device(draft, RAMSWAP_ON_ZRAM, "");
	if (added)
		*added = device;
}
