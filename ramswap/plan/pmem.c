// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory that the kernel does not use as RAM, and shows as a block device: /dev/pmem0. It comes before everything
 * else: a page goes there without compression, and takes nothing of the memory that programs share.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../facts/usable.h"
#include "costs.h"
#include "existing.h"
#include "parts.h"
#include "pmem.h"
#include "sources.h"

struct candidate {
	const struct ramswap_block *block;
	const struct ramswap_namespace *space; /* NULL: libnvdimm does not list it */
	unsigned int distance; /* of its node; ~0U: nobody knows */
};

static const struct ramswap_namespace *namespace_of(const struct ramswap_facts *facts, const char *block)
{
	for (size_t i = 0; i < facts->namespace_count; i++)
		if (!strcmp(facts->namespaces[i].block, block))
			return &facts->namespaces[i];
	return NULL;
}

/* memmap= and the like: whoever starts the machine reserved it, and what is in it does not outlive that start. */
static bool is_volatile(const struct candidate *candidate)
{
	return candidate->space && candidate->space->is_legacy;
}

static bool is_given_to_us(const struct candidate *candidate)
{
	return is_volatile(candidate) || (candidate->space && !strcmp(candidate->space->alt_name, "ramswap"));
}

static int node_of(const struct candidate *candidate)
{
	return candidate->space && candidate->space->node >= 0 ? candidate->space->node : candidate->block->node;
}

/* RAM is written to the disk then, and this memory is not. */
bool plan_breaks_hibernation(const struct ramswap_facts *facts)
{
	return facts->can_hibernate && (facts->resume_major || facts->resume_minor);
}

/* Why it is not taken though it could be; said. */
static bool is_left_alone(struct plan_draft *draft, const struct candidate *candidate)
{
	const char *name = candidate->block->name;

	if (!is_given_to_us(candidate)) {
		plan_say(draft, RAMSWAP_ADVICE, "source-persistent", name,
			"%s of persistent memory: nothing is found in it, and yet it may be somebody's, so it is left "
			"alone; [source %s] use=yes, or ndctl's --name=ramswap for its namespace, gives it to ramswap",
			PLAN_SIZE(candidate->block->size), name);
		return true;
	}
	if (is_volatile(candidate) && plan_breaks_hibernation(draft->facts)) {
		plan_say(draft, RAMSWAP_WARNING, "hibernation-loses", name,
			"%s is left alone, since this machine is set up to hibernate: RAM is written to the disk then, "
			"this memory is not, and programs whose pages are in it would be lost; nohibernate on the "
			"kernel's command line, or [source %s] use=yes, if it never hibernates",
			PLAN_SIZE(candidate->block->size), name);
		return true;
	}
	return false;
}

bool plan_is_pmem_too_large(struct plan_draft *draft, const char *name, __u64 size, enum ramswap_use use)
{
	struct ramswap_device device = { .size = size };
	__u64 cost;

	plan_cost_pmem(draft, &device);
	cost = plan_sum(plan_cost_worst(draft->plan), device.cost_worst);
	if (cost <= draft->ram / 8)
		return false;
	plan_say(draft, use == RAMSWAP_USE_YES ? RAMSWAP_REFUSAL : RAMSWAP_ADVICE, "source-too-large", name,
		"%s, with what is planned already, would need %s of RAM for the kernel's tables, more than an eighth "
		"of the %s that there is: make a smaller namespace",
		PLAN_SIZE(size), PLAN_SIZE(cost), PLAN_SIZE(draft->ram));
	return true;
}

void plan_refuse_as_memory(struct plan_draft *draft, const char *name)
{
	plan_say(draft, RAMSWAP_REFUSAL, "not-dax", name,
		"use=system-ram is for dax devices, and this is a block device: ndctl create-namespace --mode=devdax "
		"makes another of it");
}

static bool is_wanted(struct plan_draft *draft, const struct candidate *candidate)
{
	const struct ramswap_block *block = candidate->block;
	enum ramswap_use use = plan_use(draft, block->name, candidate->space ? candidate->space->name : NULL);
	char why[FACTS_REASON_MAX + 1] = "";
	enum source_state state = facts_block_usable(draft->facts, block, why, sizeof(why));

	if (use == RAMSWAP_USE_NO) {
		plan_say(draft, state == SOURCE_OURS ? RAMSWAP_ADVICE : RAMSWAP_REASON,
			state == SOURCE_OURS ? "own-unwanted" : "source-unwanted", block->name,
			state == SOURCE_OURS ? "it is in use, and no longer wanted: ramswap down %s" :
					       "[source %s] says use=no",
			block->name);
		return false;
	}
	if (use == RAMSWAP_USE_SYSTEM_RAM) {
		plan_refuse_as_memory(draft, block->name);
		return false;
	}
	if (state == SOURCE_OURS)
		return true;
	if (state != SOURCE_USABLE) {
		plan_say(draft, use == RAMSWAP_USE_YES ? RAMSWAP_REFUSAL : RAMSWAP_REASON, "source-unusable",
			block->name, "%s of memory as a block device, which is not taken: %s", PLAN_SIZE(block->size),
			why);
		return false;
	}
	if (plan_is_pmem_too_large(draft, block->name, block->size, use))
		return false;
	return use == RAMSWAP_USE_YES || !is_left_alone(draft, candidate);
}

static int compare(const void *one, const void *other)
{
	const struct candidate *a = one, *b = other;

	if (a->distance != b->distance)
		return a->distance < b->distance ? -1 : 1;
	if (a->block->size != b->block->size)
		return a->block->size > b->block->size ? -1 : 1;
	return strcmp(a->block->name, b->block->name);
}

/* ", on node 1 (distance 20)": where it is, as far as that is known. */
static void print_place(char *text, size_t size, const struct candidate *candidate)
{
	int node = node_of(candidate);

	*text = 0;
	if (node >= 0 && candidate->distance != ~0U)
		snprintf(text, size, ", on node %d (distance %u)", node, candidate->distance);
	else if (node >= 0)
		snprintf(text, size, ", on node %d", node);
}

static void add(struct plan_draft *draft, const struct candidate *candidate)
{
	struct ramswap_device *device = plan_add_device(draft, RAMSWAP_ON_PMEM, candidate->block->name);
	const struct ramswap_swap *swap = plan_swap_of(draft->facts, candidate->block->name);
	char place[64];

	if (!device)
		return;
	device->size = plan_block_size(draft->facts, candidate->block);
	if (device->size > plan_swap_most(draft))
		device->size = plan_swap_most(draft);
	device->is_up = swap && swap->is_ours;
	device->priority = device->is_up ? swap->priority : -1;
	plan_cost_pmem(draft, device);
	print_place(place, sizeof(place), candidate);
	plan_say(draft, RAMSWAP_REASON, "pmem-first", candidate->block->name,
		"%s of memory that the kernel does not use%s: as swap it takes only %s of RAM for tables, and a page "
		"comes back from it without being decompressed, so it comes before zram",
		PLAN_SIZE(device->size), place, PLAN_SIZE(device->cost_worst));
	if (is_volatile(candidate) && draft->facts->can_hibernate)
		plan_say(draft, RAMSWAP_WARNING, "hibernation-loses", candidate->block->name,
			"this machine could hibernate, and the pages in it would be lost: ramswap down has to come "
			"before that");
}

void plan_pmem(struct plan_draft *draft)
{
	const struct ramswap_facts *facts = draft->facts;
	struct candidate *candidates = calloc(facts->block_count + 1, sizeof(*candidates));
	size_t count = 0;

	if (!candidates) {
		draft->is_short = true;
		return;
	}
	for (size_t i = 0; i < facts->block_count; i++) {
		struct candidate *candidate = &candidates[count];

		if (facts->blocks[i].kind != RAMSWAP_PMEM)
			continue;
		candidate->block = &facts->blocks[i];
		candidate->space = namespace_of(facts, candidate->block->name);
		candidate->distance = plan_node_distance(facts, node_of(candidate));
		count++;
	}
	qsort(candidates, count, sizeof(*candidates), compare);
	for (size_t i = 0; i < count; i++)
		if (is_wanted(draft, &candidates[i]))
			add(draft, &candidates[i]);
	free(candidates);
}
