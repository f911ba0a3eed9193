/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The swap that a machine has, and what is known of where it lies. */
#ifndef RAMSWAP_PLAN_EXISTING_H
#define RAMSWAP_PLAN_EXISTING_H

#include "draft.h"

enum plan_place {
	PLAN_ON_DISK, /* a disk, or a file on one */
	PLAN_ON_ROTATING_DISK,
	PLAN_ON_PMEM, /* memory that is not the kernel's */
	PLAN_IN_RAM, /* zram or a RAM disk, or a file on one */
};

enum plan_place plan_swap_place(const struct ramswap_facts *facts, const struct ramswap_swap *swap);

/* The swap on that block device; NULL: none. */
const struct ramswap_swap *plan_swap_of(const struct ramswap_facts *facts, const char *device);

/* Its size, or that of the swap on it. */
__u64 plan_block_size(const struct ramswap_facts *facts, const struct ramswap_block *block);

/* The block device of these numbers; NULL: none. */
const struct ramswap_block *plan_block_of(const struct ramswap_facts *facts, unsigned int major, unsigned int minor);

/* Bytes of swap of others that take no RAM: what is behind ours. */
__u64 plan_swap_behind(const struct ramswap_facts *facts);

/* Whether swap of others is on a disk that rotates. */
bool plan_has_rotating_swap(const struct ramswap_facts *facts);

/* The highest priority of others' swap; -1: there is none, or all are below 0. */
int plan_highest_priority(const struct ramswap_facts *facts);

#endif
