/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What could be the first swap, or far memory, of a machine: each with the reason why it can, or cannot. */
#ifndef RAMSWAP_FACTS_CANDIDATES_H
#define RAMSWAP_FACTS_CANDIDATES_H

#include "../ramswap.h"
#include "usable.h"

enum facts_candidate_kind {
	CANDIDATE_ZRAM,
	CANDIDATE_BRD,
	CANDIDATE_PMEM, /* a namespace, or its block device */
	CANDIDATE_DAX,
	CANDIDATE_NODE, /* has memory, and no processors */
	CANDIDATE_SOFT_RESERVED,
	CANDIDATE_MEMMAP, /* kept from the kernel by its command line */
	CANDIDATE_HIGH, /* what a kernel of 32 bits cannot map */
};

enum facts_use {
	FACTS_USE_YES,
	FACTS_USE_OURS, /* ramswap has it */
	FACTS_USE_ON_DEMAND, /* a setting takes it */
	FACTS_USE_NO,
};

struct facts_candidate {
	char name[128]; /* as a [source NAME] of ramswap.conf, if it can be one */
	enum facts_candidate_kind kind;
	__u64 size; /* 0: not known, or not fixed */
	int node; /* -1: none */
	unsigned int distance; /* of that node, from the nearest one with processors; 0: not known */
	int tier; /* -1: not known */
	enum facts_use use;
	const char *code; /* why, for programs, stable: that of facts_source_word, or another word */
	char reason[FACTS_REASON_MAX + 1]; /* a sentence */
};

struct facts_candidates {
	struct facts_candidate *list;
	size_t count;
};

/* 0, to be freed with facts_candidates_free; -ENOMEM: there are none. */
int facts_find_candidates(const struct ramswap_facts *facts, struct facts_candidates *candidates);
void facts_candidates_free(struct facts_candidates *candidates);

/* "zram", "soft-reserved"; "yes", "on-demand". */
const char *facts_candidate_kind_word(enum facts_candidate_kind kind);
const char *facts_use_word(enum facts_use use);

#endif
