// SPDX-License-Identifier: GPL-2.0-or-later
/* The order in which a plan is made. */
#include <errno.h>
#include <stdlib.h>
#include "costs.h"
#include "existing.h"
#include "parts.h"

/* What a zram device of others may take: it has a limit, or none but its size; never less than it has now. */
static __u64 most_of_zram(const struct ramswap_zram *zram)
{
	__u64 most = zram->limit ? zram->limit : zram->disksize;

	return most > zram->resident ? most : zram->resident;
}

static __u64 ram_memory(const struct ramswap_facts *facts)
{
	return plan_less(facts->memory.total, facts->memory.huge_reserved);
}

static __u64 near_memory(const struct ramswap_facts *facts)
{
	__u64 near = ram_memory(facts);

	for (size_t i = 0; i < facts->zram_count; i++)
		if (facts->zrams[i].is_set_up && !facts->zrams[i].is_ours)
			near = plan_less(near, most_of_zram(&facts->zrams[i]));
	for (size_t i = 0; i < facts->block_count; i++) {
		const struct ramswap_block *block = &facts->blocks[i];
		const struct ramswap_swap *swap = plan_swap_of(facts, block->name);

		if (block->kind == RAMSWAP_BRD && (block->is_mounted || (swap && !swap->is_ours)))
			near = plan_less(near, block->size);
	}
	return near;
}

/* Each part was careful by itself; together they must be, too. */
static void check_sum(struct plan_draft *draft)
{
	__u64 worst = plan_cost_worst(draft->plan);

	if (worst > draft->facts->memory.total)
		plan_say(draft, RAMSWAP_REFUSAL, "too-much-memory", "",
			"Together the devices could take %s of the %s of RAM: leave some out, or make them smaller",
			PLAN_SIZE(worst), PLAN_SIZE(draft->facts->memory.total));
}

static void make(struct plan_draft *draft)
{
	if (plan_stops(draft))
		return;
	plan_existing(draft);
	plan_dax(draft);
	plan_pmem(draft);
	plan_pmem_ranges(draft);
	plan_unused_ranges(draft);
	plan_brd(draft);
	/* What those take is not there for zram. */
	draft->near = plan_less(draft->near, plan_cost_worst(draft->plan));
	plan_zram(draft);
	plan_unknown_sources(draft);
	plan_priorities(draft);
	plan_far_nodes(draft);
	plan_tunings(draft);
	plan_hibernation(draft);
	plan_surroundings(draft);
	check_sum(draft);
}

static void answer(struct plan_draft *draft)
{
	struct ramswap_plan *plan = draft->plan;

	if (plan_has(draft, RAMSWAP_REFUSAL)) {
		plan->answer = RAMSWAP_REFUSED;
		plan_drop_decisions(plan);
	} else {
		plan->answer = plan->device_count || plan->tuning_count ? RAMSWAP_SET_UP : RAMSWAP_NOTHING;
	}
}

int ramswap_plan_make(const struct ramswap_facts *facts, const struct ramswap_settings *settings,
	const struct ramswap_measures *measures, struct ramswap_plan **plan)
{
	struct plan_draft draft = {
		.facts = facts,
		.settings = settings,
		.measures = measures,
		.plan = calloc(1, sizeof(**plan)),
		.page = facts->page_size ? facts->page_size : 4096,
		.ram = ram_memory(facts),
		.near = near_memory(facts),
	};

	*plan = NULL;
	if (!draft.plan)
		return -ENOMEM;
	make(&draft);
	answer(&draft);
	if (draft.is_short) {
		ramswap_plan_free(draft.plan);
		return -ENOMEM;
	}
	*plan = draft.plan;
	return draft.is_wrong ? -EINVAL : 0;
}

void ramswap_plan_free(struct ramswap_plan *plan)
{
	if (!plan)
		return;
	plan_drop_decisions(plan);
	free(plan->reasons);
	free(plan);
}
