// SPDX-License-Identifier: GPL-2.0-or-later
/* Candidates that are block devices, or become some. */
#include <stdio.h>
#include <string.h>
#include "blocks.h"
#include "candidate.h"

static struct facts_candidate *add_block(struct facts_candidate_list *list, enum facts_candidate_kind kind,
	const struct ramswap_block *block)
{
	return facts_candidate_add(list, kind, block->name, block->size, block->node);
}

/* What a device is judged to be, as a candidate; why: what is said of one that may be taken. */
static void judge_block(struct facts_candidate_list *list, struct facts_candidate *candidate,
	const struct ramswap_block *block, enum facts_use use, const char *why)
{
	char reason[FACTS_REASON_MAX + 1];
	enum source_state state = facts_block_usable(list->facts, block, reason, sizeof(reason));

	if (state == SOURCE_USABLE)
		facts_candidate_judge(candidate, use, facts_source_word(state), "%s", why);
	else
		facts_candidate_judge(candidate, state == SOURCE_OURS ? FACTS_USE_OURS : FACTS_USE_NO,
			facts_source_word(state), "%s", reason);
}

static void list_zram(struct facts_candidate_list *list)
{
	const struct ramswap_facts *facts = list->facts;
	struct facts_candidate *candidate = facts_candidate_add(list, CANDIDATE_ZRAM, "zram", 0, -1);

	if (!facts->can_zram)
		facts_candidate_judge(candidate, FACTS_USE_NO, "no-module", "this kernel has no zram");
	else if (facts->others)
		facts_candidate_judge(candidate, FACTS_USE_NO, "others",
			"another program sets up zram here: see ramswap import");
	else
		facts_candidate_judge(candidate, FACTS_USE_YES, "usable",
			"pages are compressed in the kernel's own memory%s",
			facts->is_zram_loaded ? "" : "; its module can be loaded");
	for (size_t i = 0; i < facts->block_count; i++) {
		const struct ramswap_block *block = &facts->blocks[i];

		/* One that is not set up is as good as any other. */
		if (block->kind != RAMSWAP_ZRAM || !block->size)
			continue;
		judge_block(list, add_block(list, CANDIDATE_ZRAM, block), block, FACTS_USE_NO,
			"it is set up, and not by ramswap");
	}
}

#define BRD_COPIES "a RAM disk copies pages from RAM to RAM: nothing is gained, so it is used only if asked for"

static void list_brd(struct facts_candidate_list *list)
{
	const struct ramswap_facts *facts = list->facts;
	size_t count = 0;

	for (size_t i = 0; i < facts->block_count; i++) {
		const struct ramswap_block *block = &facts->blocks[i];

		if (block->kind != RAMSWAP_BRD)
			continue;
		count++;
		judge_block(list, add_block(list, CANDIDATE_BRD, block), block, FACTS_USE_ON_DEMAND, BRD_COPIES);
	}
	if (!count && facts->can_brd)
		facts_candidate_judge(facts_candidate_add(list, CANDIDATE_BRD, "brd", 0, -1), FACTS_USE_ON_DEMAND,
			"usable", BRD_COPIES);
}

static const char *words_of(const struct ramswap_namespace *namespace)
{
	if (namespace && namespace->is_legacy)
		return "memory that the kernel does not use: memmap= or the firmware keeps it apart";
	if (namespace && !strcmp(namespace->mode, "sector"))
		return "persistent memory in sector mode; what is in it is lost";
	return "persistent memory; what is in it is lost";
}

static const struct ramswap_namespace *namespace_with(const struct ramswap_facts *facts, const char *block)
{
	for (size_t i = 0; i < facts->namespace_count; i++)
		if (!strcmp(facts->namespaces[i].block, block))
			return &facts->namespaces[i];
	return NULL;
}

/* A namespace that is no block device now. */
static void list_namespace(struct facts_candidate_list *list, const struct ramswap_namespace *namespace)
{
	struct facts_candidate *candidate =
		facts_candidate_add(list, CANDIDATE_PMEM, namespace->name, namespace->size, namespace->node);

	if (!strcmp(namespace->mode, "devdax"))
		facts_candidate_judge(candidate, FACTS_USE_NO, "devdax",
			"it is in devdax mode, which is no block device; ndctl create-namespace makes one");
	else
		facts_candidate_judge(candidate, FACTS_USE_NO, "no-device",
			list->facts->can_pmem ? "no driver has it: modprobe nd_pmem" : "this kernel has no nd_pmem");
}

static void list_pmem(struct facts_candidate_list *list)
{
	const struct ramswap_facts *facts = list->facts;

	for (size_t i = 0; i < facts->block_count; i++) {
		const struct ramswap_block *block = &facts->blocks[i];

		if (block->kind == RAMSWAP_PMEM)
			judge_block(list, add_block(list, CANDIDATE_PMEM, block), block, FACTS_USE_YES,
				words_of(namespace_with(facts, block->name)));
	}
	for (size_t i = 0; i < facts->namespace_count; i++)
		if (!*facts->namespaces[i].block)
			list_namespace(list, &facts->namespaces[i]);
}

void facts_list_blocks(struct facts_candidate_list *list)
{
	list_pmem(list);
	list_zram(list);
	list_brd(list);
}
