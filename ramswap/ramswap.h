/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libramswap: what memory and what swap a machine has, and what should be made of it. Nothing here changes the machine.
 * Functions return 0 or a negative errno, print nothing, and keep no state; a root folder stands for "/", so that a
 * recorded machine can be planned on another.
 */
#ifndef RAMSWAP_H
#define RAMSWAP_H

#include "facts.h"
#include "plan.h"
#include "settings.h"

/* What was wrong, in words, in one line. */
struct ramswap_problem {
	char text[512];
};

/*
 * Reads the machine below the folder that root is a descriptor of ("/": of the running one). What is missing, or is
 * nonsense, is left out; only what no plan can be made without is an error: memory and swaps. 0 and *facts, to be freed
 * with ramswap_facts_free; or a negative errno and what was wrong.
 */
int ramswap_facts_read(int root, struct ramswap_facts **facts, struct ramswap_problem *problem);
void ramswap_facts_free(struct ramswap_facts *facts);

/* Parts of the facts, for who needs few and is in a hurry. Memory, swaps and what precedes them are always read. */
enum {
	RAMSWAP_READ_BLOCKS = 1 << 0,
	RAMSWAP_READ_SIGNATURES = 1 << 1, /* of those blocks that are memory: zram, pmem, brd */
	RAMSWAP_READ_ZRAM = 1 << 2,
	RAMSWAP_READ_NODES = 1 << 3,
	RAMSWAP_READ_RANGES = 1 << 4,
	RAMSWAP_READ_NAMESPACES = 1 << 5, /* and dax devices */
	RAMSWAP_READ_MODULES = 1 << 6,
	RAMSWAP_READ_TUNINGS = 1 << 7, /* zswap, vm.*, demotion, lru_gen */
	RAMSWAP_READ_HIBERNATION = 1 << 8, /* and kdump */
	RAMSWAP_READ_GROUP = 1 << 9,
	RAMSWAP_READ_OTHERS = 1 << 10,
	RAMSWAP_READ_PRESSURE = 1 << 11,
	RAMSWAP_READ_ALL = (1 << 12) - 1,
};

/* ramswap_facts_read of those parts: a sum of RAMSWAP_READ_*. The others are as if the kernel did not have them. */
int ramswap_facts_read_some(int root, unsigned int parts, struct ramswap_facts **facts,
	struct ramswap_problem *problem);

/* What is in a block device that ramswap_facts_read did not look into, since it is a disk. -ENODEV: there is none. */
int ramswap_facts_read_signature(int root, struct ramswap_facts *facts, const char *name);

/* The device of that name; NULL: there is none. */
const struct ramswap_block *ramswap_find_block(const struct ramswap_facts *facts, const char *name);

#endif
