// SPDX-License-Identifier: GPL-2.0-or-later
/* RAM disks: swap in them moves a page from RAM to RAM, so nothing is gained. Only on demand. */
#include "../facts/usable.h"
#include "costs.h"
#include "existing.h"
#include "parts.h"
#include "sources.h"

static bool is_up(const struct ramswap_facts *facts, const struct ramswap_block *block)
{
	const struct ramswap_swap *swap = plan_swap_of(facts, block->name);

	return swap && swap->is_ours;
}

static void add(struct plan_draft *draft, const struct ramswap_block *block)
{
	struct ramswap_device *device = plan_add_device(draft, RAMSWAP_ON_BRD, block->name);

	if (!device)
		return;
	device->size = plan_block_size(draft->facts, block);
	device->is_up = is_up(draft->facts, block);
	device->priority = device->is_up ? plan_swap_of(draft->facts, block->name)->priority : -1;
	plan_cost_brd(draft, device);
	plan_say(draft, RAMSWAP_WARNING, "brd-copies", block->name,
		"[source %s] says use=yes: a page that goes to a RAM disk takes as much RAM there as it left, and the "
		"%s that it may take are not given back",
		block->name, PLAN_SIZE(block->size));
}

static void decide(struct plan_draft *draft, const struct ramswap_block *block)
{
	char why[FACTS_REASON_MAX + 1] = "";
	enum source_state state = facts_block_usable(draft->facts, block, why, sizeof(why));

	if (state != SOURCE_USABLE && state != SOURCE_OURS)
		plan_say(draft, RAMSWAP_REFUSAL, "source-unusable", block->name,
			"[source %s] says use=yes, but it cannot be taken: %s", block->name, why);
	else if (plan_block_size(draft->facts, block) > draft->near / 2)
		plan_say(draft, RAMSWAP_REFUSAL, "source-too-large", block->name,
			"a RAM disk of %s is more than half of the %s of RAM, from which it takes every page: modprobe "
			"brd rd_size= makes smaller ones",
			PLAN_SIZE(block->size), PLAN_SIZE(draft->near));
	else
		add(draft, block);
}

/* ramswap up loads brd with one disk of that size, if the user names it. */
static void add_module(struct plan_draft *draft)
{
	struct ramswap_block disk = { .name = "ram0", .kind = RAMSWAP_BRD, .size = draft->near / 4 >> 20 << 20 };

	if (draft->facts->can_brd && disk.size && !ramswap_find_block(draft->facts, disk.name) &&
		plan_use(draft, disk.name, NULL) == RAMSWAP_USE_YES)
		add(draft, &disk);
}

void plan_brd(struct plan_draft *draft)
{
	const struct ramswap_block *left = NULL;

	for (size_t i = 0; i < draft->facts->block_count; i++) {
		const struct ramswap_block *block = &draft->facts->blocks[i];
		enum ramswap_use use;

		if (block->kind != RAMSWAP_BRD)
			continue;
		use = plan_use(draft, block->name, NULL);
		if (use == RAMSWAP_USE_YES)
			decide(draft, block);
		else if (use == RAMSWAP_USE_SYSTEM_RAM)
			plan_say(draft, RAMSWAP_REFUSAL, "not-dax", block->name,
				"use=system-ram is for dax devices; a RAM disk is in the kernel's memory already");
		else if (is_up(draft->facts, block))
			plan_say(draft, RAMSWAP_ADVICE, "own-unwanted", block->name,
				"it is in use, and no longer wanted: ramswap down %s", block->name);
		else if (!left)
			left = block;
	}
	if (!left)
		add_module(draft);
	else
		plan_say(draft, RAMSWAP_REASON, "brd-left", left->name,
			"RAM disks of brd are left alone: swap in one copies a page from RAM to RAM, so nothing is "
			"gained; zram compresses it");
}
