/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How candidates are listed: what the files about them share. */
#ifndef RAMSWAP_FACTS_CANDIDATE_H
#define RAMSWAP_FACTS_CANDIDATE_H

#include "candidates.h"

struct facts_candidate_list {
	const struct ramswap_facts *facts;
	struct facts_candidates *candidates;
	bool is_short; /* of memory: what follows is left out */
};

/* The next one, with what is not known; NULL: memory is short. */
struct facts_candidate *facts_candidate_add(struct facts_candidate_list *list, enum facts_candidate_kind kind,
	const char *name, __u64 size, int node);

/* candidate: NULL: nothing. */
void facts_candidate_judge(struct facts_candidate *candidate, enum facts_use use, const char *code,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* candidates_block.c: zram, brd, pmem; candidates_memory.c: dax, nodes; candidates_range.c: what has no device. */
void facts_list_blocks(struct facts_candidate_list *list);
void facts_list_memory(struct facts_candidate_list *list);
void facts_list_ranges(struct facts_candidate_list *list);

#endif
