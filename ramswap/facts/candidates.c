// SPDX-License-Identifier: GPL-2.0-or-later
#include "candidates.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "candidate.h"
#include "parse.h"
#include "text.h"

static const char *const kinds[] = {
	[CANDIDATE_ZRAM] = "zram",
	[CANDIDATE_BRD] = "brd",
	[CANDIDATE_PMEM] = "pmem",
	[CANDIDATE_DAX] = "dax",
	[CANDIDATE_NODE] = "node",
	[CANDIDATE_SOFT_RESERVED] = "soft-reserved",
	[CANDIDATE_MEMMAP] = "memmap",
	[CANDIDATE_HIGH] = "highmem",
};

static const char *const uses[] = {
	[FACTS_USE_YES] = "yes",
	[FACTS_USE_OURS] = "ours",
	[FACTS_USE_ON_DEMAND] = "on-demand",
	[FACTS_USE_NO] = "no",
};

const char *facts_candidate_kind_word(enum facts_candidate_kind kind)
{
	return kinds[kind];
}

const char *facts_use_word(enum facts_use use)
{
	return uses[use];
}

static const struct ramswap_node *node_of(const struct ramswap_facts *facts, int id)
{
	for (size_t i = 0; i < facts->node_count; i++)
		if (id >= 0 && facts->nodes[i].id == (unsigned int)id)
			return &facts->nodes[i];
	return NULL;
}

/* From the nearest node that has processors. */
static unsigned int distance_of(const struct ramswap_facts *facts, const struct ramswap_node *node)
{
	size_t number = (size_t)(node - facts->nodes);
	unsigned int nearest = 0;

	for (size_t i = 0; i < facts->node_count; i++) {
		unsigned int distance = facts->nodes[i].distances[number];

		if (facts->nodes[i].has_processors && distance && (!nearest || distance < nearest))
			nearest = distance;
	}
	return nearest;
}

struct facts_candidate *facts_candidate_add(struct facts_candidate_list *list, enum facts_candidate_kind kind,
	const char *name, __u64 size, int node)
{
	struct facts_candidates *all = list->candidates;
	const struct ramswap_node *at = node_of(list->facts, node);
	struct facts_candidate *grown;

	grown = list->is_short ? NULL : facts_grow(all->list, all->count, sizeof(*all->list));
	if (!grown) {
		list->is_short = true;
		return NULL;
	}
	all->list = grown;
	grown += all->count++;
	grown->kind = kind;
	grown->size = size;
	grown->node = node;
	grown->tier = at ? at->tier : -1;
	grown->distance = at ? distance_of(list->facts, at) : 0;
	grown->use = FACTS_USE_NO;
	grown->code = "";
	snprintf(grown->name, sizeof(grown->name), "%s", name);
	return grown;
}

void facts_candidate_judge(struct facts_candidate *candidate, enum facts_use use, const char *code,
	const char *format, ...)
{
	va_list arguments;

	if (!candidate)
		return;
	candidate->use = use;
	candidate->code = code;
	va_start(arguments, format);
	vsnprintf(candidate->reason, sizeof(candidate->reason), format, arguments);
	va_end(arguments);
}

/* Where nothing may be set up at all: a code for programs and the sentence; NULL: it may. */
static const char *find_ban(const struct ramswap_facts *facts, const char **reason)
{
	char value[8];

	*reason = "this is a container: swap is the host's business";
	if (facts->is_container)
		return "container";
	*reason = "this kernel saves the memory of one that crashed";
	if (facts->is_crash_kernel)
		return "crash-kernel";
	*reason = "the kernel's command line says ramswap=0";
	if (facts->command_line && facts_has_parameter(facts->command_line, "ramswap", value, sizeof(value)) &&
		!strcmp(value, "0"))
		return "command-line";
	return NULL;
}

static void ban_all(const struct ramswap_facts *facts, struct facts_candidates *candidates)
{
	const char *reason, *code = find_ban(facts, &reason);

	for (size_t i = 0; code && i < candidates->count; i++)
		if (candidates->list[i].use == FACTS_USE_YES || candidates->list[i].use == FACTS_USE_ON_DEMAND)
			facts_candidate_judge(&candidates->list[i], FACTS_USE_NO, code, "%s", reason);
}

int facts_find_candidates(const struct ramswap_facts *facts, struct facts_candidates *candidates)
{
	struct facts_candidate_list list = { .facts = facts, .candidates = candidates };

	*candidates = (struct facts_candidates){ 0 };
	facts_list_blocks(&list);
	facts_list_memory(&list);
	facts_list_ranges(&list);
	if (list.is_short) {
		facts_candidates_free(candidates);
		return -ENOMEM;
	}
	ban_all(facts, candidates);
	return 0;
}

void facts_candidates_free(struct facts_candidates *candidates)
{
	free(candidates->list);
	*candidates = (struct facts_candidates){ 0 };
}
