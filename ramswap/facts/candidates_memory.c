// SPDX-License-Identifier: GPL-2.0-or-later
/* Candidates that are, or become, memory of the kernel: no swap, but a place for pages that are seldom used. */
#include <stdio.h>
#include <string.h>
#include "candidate.h"

static void judge_dax(const struct ramswap_facts *facts, const struct ramswap_dax *dax,
	struct facts_candidate *candidate)
{
	if (dax->is_ours)
		facts_candidate_judge(candidate, FACTS_USE_OURS, "ours", "ramswap made it memory of the kernel");
	else if (!strcmp(dax->driver, "kmem"))
		facts_candidate_judge(candidate, FACTS_USE_NO, "is-memory", "it is memory of the kernel already");
	else if (dax->node < 0)
		facts_candidate_judge(candidate, FACTS_USE_NO, "no-node",
			"the kernel knows no node that its memory could become");
	else if (!facts->can_kmem)
		facts_candidate_judge(candidate, FACTS_USE_NO, "no-module",
			"it is no block device, and this kernel has no kmem");
	else
		facts_candidate_judge(candidate, FACTS_USE_ON_DEMAND, "usable",
			"it is no block device, so no swap; with use=system-ram it becomes memory of node %d",
			dax->node);
}

/* Pages are demoted to a slower tier only; -1: the kernel does not say. */
static bool is_in_near_tier(const struct ramswap_facts *facts, const struct ramswap_node *node)
{
	int near = -1;

	for (size_t i = 0; i < facts->node_count; i++)
		if (facts->nodes[i].has_processors && facts->nodes[i].tier > near)
			near = facts->nodes[i].tier;
	return near >= 0 && node->tier >= 0 && node->tier <= near;
}

static void judge_node(const struct ramswap_facts *facts, const struct ramswap_node *node,
	struct facts_candidate *candidate)
{
	if (is_in_near_tier(facts, node))
		facts_candidate_judge(candidate, FACTS_USE_NO, "same-tier",
			"it is memory already, and the kernel does not know that it is slower, so it demotes no pages "
			"to it");
	else if (facts->demotion < 0)
		facts_candidate_judge(candidate, FACTS_USE_NO, "no-demotion",
			"it is memory already, and better than swap; this kernel cannot demote pages to it");
	else if (facts->demotion)
		facts_candidate_judge(candidate, FACTS_USE_NO, "demotion-on",
			"it is memory already, and pages that are seldom used are demoted to it");
	else
		facts_candidate_judge(candidate, FACTS_USE_ON_DEMAND, "demotion-off",
			"it is memory already, and better than swap; with demotion=yes pages that are seldom used go "
			"there");
}

void facts_list_memory(struct facts_candidate_list *list)
{
	const struct ramswap_facts *facts = list->facts;
	char name[32];

	for (size_t i = 0; i < facts->dax_count; i++) {
		const struct ramswap_dax *dax = &facts->daxes[i];

		judge_dax(facts, dax, facts_candidate_add(list, CANDIDATE_DAX, dax->name, dax->size, dax->node));
	}
	for (size_t i = 0; i < facts->node_count; i++) {
		const struct ramswap_node *node = &facts->nodes[i];

		if (!node->has_memory || node->has_processors)
			continue;
		snprintf(name, sizeof(name), "node%u", node->id);
		judge_node(facts, node,
			facts_candidate_add(list, CANDIDATE_NODE, name, node->total, (int)node->id));
	}
}
