// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nodes of memory without processors: far memory that is the kernel's own. Pages that are not used much are better
 * moved there than swapped: they are addressed where they are. The kernel does so by itself if numa/demotion_enabled
 * is 1.
 */
#include <stdio.h>
#include "parts.h"
#include "sources.h"

static const struct plan_file demotion_file = { "sys/kernel/mm/numa/demotion_enabled", "numa/demotion_enabled" };

/* The slowest tier that has processors; -1: the kernel does not say. */
static int near_tier(const struct ramswap_facts *facts)
{
	int tier = -1;

	for (size_t i = 0; i < facts->node_count; i++)
		if (facts->nodes[i].has_processors && facts->nodes[i].tier > tier)
			tier = facts->nodes[i].tier;
	return tier;
}

struct far_memory {
	size_t nodes, slower; /* those whose tier is slower than that of the processors, or not known */
	__u64 size;
	unsigned int first; /* a node's number */
};

static struct far_memory find_far(const struct plan_draft *draft)
{
	const struct ramswap_facts *facts = draft->facts;
	struct far_memory far = { 0 };
	int near = near_tier(facts);

	for (size_t i = 0; i < facts->node_count; i++) {
		const struct ramswap_node *node = &facts->nodes[i];

		if (!plan_is_far_node(node))
			continue;
		if (!far.nodes++)
			far.first = node->id;
		far.size = plan_sum(far.size, node->total);
		far.slower += node->tier < 0 || near < 0 || node->tier > near;
	}
	return far;
}

static void set_demotion(struct plan_draft *draft, const struct far_memory *far)
{
	int demotion = draft->facts->demotion;

	if (!far->nodes && !plan_has_device(draft->plan, RAMSWAP_AS_MEMORY)) {
		plan_say(draft, RAMSWAP_WARNING, "demotion-no-node", "",
			"demotion=yes, and there is no node of memory without processors to demote pages to: it is "
			"left as it is");
		return;
	}
	if (demotion < 0) {
		plan_say(draft, RAMSWAP_REFUSAL, "no-demotion", "",
			"demotion=yes, and the kernel %s cannot demote pages: /%s is not there", draft->facts->release,
			demotion_file.path);
		return;
	}
	plan_tune(draft, &demotion_file, "1", demotion ? "1" : "0", "demotion",
		"pages that are not used much move to the far node before they are swapped (demotion=yes)");
}

/* Demotion goes from one tier to a slower one: within a tier it does nothing. */
static void say_tiers(struct plan_draft *draft, const struct far_memory *far)
{
	if (!far->nodes || far->slower)
		return;
	plan_say(draft, draft->settings->demotion ? RAMSWAP_WARNING : RAMSWAP_REASON, "demotion-same-tier", "",
		"Node %u is far, and the kernel has it in the same memory tier as the near one (the firmware does not "
		"say that it is slower), so demotion does nothing for it",
		far->first);
}

void plan_far_nodes(struct plan_draft *draft)
{
	struct far_memory far = find_far(draft);

	if (draft->settings->demotion)
		set_demotion(draft, &far);
	else if (far.slower && draft->facts->demotion == 0)
		plan_say(draft, RAMSWAP_ADVICE, "demotion-advised", "",
			"%s are far memory (node %u has no processors): with demotion=yes pages that are not used much "
			"move there before they are swapped, and stay addressable",
			PLAN_SIZE(far.size), far.first);
	else if (far.slower && draft->facts->demotion > 0)
		plan_say(draft, RAMSWAP_REASON, "demotion-on", "",
			"Pages that are not used much move to the far memory of node %u first: demotion is on",
			far.first);
	say_tiers(draft, &far);
}
