// SPDX-License-Identifier: GPL-2.0-or-later
#include "existing.h"
#include <string.h>
#include "parts.h"

const struct ramswap_block *plan_block_of(const struct ramswap_facts *facts, unsigned int major, unsigned int minor)
{
	if (!major && !minor)
		return NULL;
	for (size_t i = 0; i < facts->block_count; i++)
		if (facts->blocks[i].major == major && facts->blocks[i].minor == minor)
			return &facts->blocks[i];
	return NULL;
}

/* What the swap is on; NULL: nobody knows. */
static const struct ramswap_block *block_of_swap(const struct ramswap_facts *facts, const struct ramswap_swap *swap)
{
	const struct ramswap_block *block = *swap->device ? ramswap_find_block(facts, swap->device) : NULL;

	return block ? block : plan_block_of(facts, swap->major, swap->minor);
}

enum plan_place plan_swap_place(const struct ramswap_facts *facts, const struct ramswap_swap *swap)
{
	const struct ramswap_block *block = block_of_swap(facts, swap);

	if (block && (block->kind == RAMSWAP_ZRAM || block->kind == RAMSWAP_BRD))
		return PLAN_IN_RAM;
	if (block && block->kind == RAMSWAP_PMEM)
		return PLAN_ON_PMEM;
	return swap->is_rotational ? PLAN_ON_ROTATING_DISK : PLAN_ON_DISK;
}

const struct ramswap_swap *plan_swap_of(const struct ramswap_facts *facts, const char *device)
{
	for (size_t i = 0; i < facts->swap_count; i++)
		if (!facts->swaps[i].is_file && *device && !strcmp(facts->swaps[i].device, device))
			return &facts->swaps[i];
	return NULL;
}

__u64 plan_block_size(const struct ramswap_facts *facts, const struct ramswap_block *block)
{
	const struct ramswap_swap *swap = plan_swap_of(facts, block->name);

	return !block->size && swap ? swap->size : block->size;
}

__u64 plan_swap_behind(const struct ramswap_facts *facts)
{
	__u64 size = 0;

	for (size_t i = 0; i < facts->swap_count; i++)
		if (!facts->swaps[i].is_ours && plan_swap_place(facts, &facts->swaps[i]) != PLAN_IN_RAM)
			size = plan_sum(size, facts->swaps[i].size);
	return size;
}

bool plan_has_rotating_swap(const struct ramswap_facts *facts)
{
	for (size_t i = 0; i < facts->swap_count; i++)
		if (!facts->swaps[i].is_ours && plan_swap_place(facts, &facts->swaps[i]) == PLAN_ON_ROTATING_DISK)
			return true;
	return false;
}

int plan_highest_priority(const struct ramswap_facts *facts)
{
	int highest = -1;

	for (size_t i = 0; i < facts->swap_count; i++)
		if (!facts->swaps[i].is_ours && facts->swaps[i].priority > highest)
			highest = facts->swaps[i].priority;
	return highest;
}

static const char *place_in_words(enum plan_place place)
{
	switch (place) {
	case PLAN_ON_ROTATING_DISK:
		return "on a disk that rotates";
	case PLAN_ON_PMEM:
		return "in memory that is not the kernel's";
	case PLAN_IN_RAM:
		return "in RAM";
	default:
		return "on a disk";
	}
}

static const char *swap_name(const struct ramswap_swap *swap)
{
	const char *slash = swap->path ? strrchr(swap->path, '/') : NULL;

	if (*swap->device)
		return swap->device;
	return slash ? slash + 1 : "";
}

static void say_swap(struct plan_draft *draft, const struct ramswap_swap *swap)
{
	plan_say(draft, RAMSWAP_REASON, swap->is_ours ? "own-swap" : "existing-swap", swap_name(swap),
		"%s is swap %s%s: %s, %s of them in use, priority %d%s", swap->path ? swap->path : swap->device,
		swap->is_file ? "in a file " : "", place_in_words(plan_swap_place(draft->facts, swap)),
		PLAN_SIZE(swap->size), PLAN_SIZE(swap->used), swap->priority, swap->is_ours ? "; ramswap made it" : "");
}

void plan_existing(struct plan_draft *draft)
{
	for (size_t i = 0; i < draft->facts->swap_count; i++)
		say_swap(draft, &draft->facts->swaps[i]);
	if (!draft->facts->swap_count)
		plan_say(draft, RAMSWAP_REASON, "no-swap", "", "There is no swap yet");
}
