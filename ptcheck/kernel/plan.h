/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has to be told to the kernel so that it has the partitions of a table: only what differs. */
#ifndef PTCHECK_PLAN_H
#define PTCHECK_PLAN_H

#include "kernel_partitions.h"

enum plan_kind { PLAN_REMOVE, PLAN_RESIZE, PLAN_ADD };

struct plan_action {
	enum plan_kind kind;
	struct kernel_partition partition; /* as it will be; of PLAN_REMOVE: as the kernel has it */
	__u64 size_before; /* PLAN_RESIZE: bytes */
};

struct plan {
	/* In the order that they are to be done in: each partition may be removed, and added elsewhere. */
	struct plan_action actions[2 * PTCHECK_PARTITIONS_MAX];
	size_t count;
	/* Of the table, but not within the disk: not told. What the kernel has of that number and start stays. */
	struct kernel_partition outside[PTCHECK_PARTITIONS_MAX];
	size_t outside_count;
};

/*
 * Plans how the kernel's list becomes that of the table, count partitions by number. sector_size: of the disk's
 * logical sectors, bytes.
 *
 * A partition that begins where it began is resized, which it may be while it is mounted; another one is removed
 * and added. Partitions are removed first, then some become smaller, then some larger, then the new ones are
 * added, those that contain another one last. So nothing is refused because of what is still there, unless
 * partitions of the table overlap.
 *
 * What stands for the whole disk, PTCHECK_WHOLE, and contains others, is neither added nor resized.
 *
 * Of an extended partition the kernel gets what its own scan gives it (block/partitions/msdos.c): the first two
 * sectors of 512 bytes, or its first logical sector where that is larger; but not what another partition begins
 * in, which its own scan does not mind.
 */
void plan_make(struct plan *plan, const struct kernel_partitions *kernel, const struct ptcheck_partition *table,
	size_t count, __u32 sector_size);

/* Plans that the kernel has none of those that it has. */
void plan_forget(struct plan *plan, const struct kernel_partitions *kernel);

/* Leaves what is planned about the partitions of these numbers, both included. */
void plan_keep_numbers(struct plan *plan, unsigned int least, unsigned int most);

/* Leaves out that partitions are removed which the table does not have: for a table whose list may be short. */
void plan_keep_unlisted(struct plan *plan);

/* The partition because of which the kernel refuses to add or resize, with EBUSY; NULL: none is in the way. */
const struct kernel_partition *plan_obstacle(
	const struct kernel_partitions *kernel, const struct plan_action *action);

#endif
