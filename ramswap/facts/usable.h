/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a block device may be taken for swap or for writeback: the one judgement that everything here shares. */
#ifndef RAMSWAP_FACTS_USABLE_H
#define RAMSWAP_FACTS_USABLE_H

#include "../ramswap.h"

/* A device that is smaller is not worth the trouble. */
#define FACTS_SOURCE_SIZE_LEAST (16ULL << 20)

enum {
	FACTS_REASON_MAX = 255,
};

/* In the order in which they are found: the first that is so is the answer. */
enum source_state {
	SOURCE_USABLE, /* it may be taken */
	SOURCE_OURS, /* ramswap up has it already */
	SOURCE_IS_SWAP, /* somebody else's swap is on it */
	SOURCE_IS_MOUNTED,
	SOURCE_IS_HELD, /* another device is stacked on it, or zram writes back to it */
	SOURCE_IS_RESUME, /* the kernel is to resume from it */
	SOURCE_HAS_PARTITIONS,
	SOURCE_IS_SET_UP, /* a zram device that has a size: whoever gave it one wants it */
	SOURCE_IS_TOO_SMALL, /* FACTS_SOURCE_SIZE_LEAST; not of zram, which has no size before it gets one */
	SOURCE_IS_READ_ONLY,
	SOURCE_IS_NAMED, /* its namespace has an alt_name which is not STATE_SWAP_LABEL */
	SOURCE_HAS_SIGNATURE, /* of anything but a swap of ours, which is left from an earlier start */
	SOURCE_IS_UNREAD, /* what is in it was not read, or could not be */
};

/*
 * block: one of facts. reason gets what a user is told, without the device's name: "it is mounted", "ext4 is on it,
 * labelled data"; "": SOURCE_USABLE. size: the room in reason, of which FACTS_REASON_MAX + 1 are enough.
 */
enum source_state facts_block_usable(const struct ramswap_facts *facts, const struct ramswap_block *block, char *reason,
	size_t size);

/* The namespace that the block device, or the one that it is a partition of, is made of; NULL: libnvdimm lists none. */
const struct ramswap_namespace *facts_namespace_of(const struct ramswap_facts *facts,
	const struct ramswap_block *block);

/*
 * Whether such memory may be taken without being asked for: that of memmap= does not outlive the start, and whoever
 * named a namespace STATE_SWAP_LABEL gave it to ramswap. Other persistent memory may be somebody's though nothing is
 * found in it. namespace: NULL: it may not.
 */
bool facts_is_given(const struct ramswap_namespace *namespace);

/* A word for programs, stable: "usable", "ours", "swap", "mounted", "signature". */
const char *facts_source_word(enum source_state state);

#endif
