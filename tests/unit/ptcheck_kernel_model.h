/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel that refuses what the kernel refuses of partitions: block/ioctl.c, block/partitions/core.c. */
#ifndef PTCHECK_KERNEL_MODEL_H
#define PTCHECK_KERNEL_MODEL_H

#include "ptcheck/kernel/plan.h"

struct model {
	struct kernel_partitions list;
	bool is_used[PTCHECK_PARTITIONS_MAX + 1]; /* by number: open, so that it cannot be removed */
	__u64 disk_size;
	__u32 sector_size;
	unsigned int applied;
};

struct table {
	struct ptcheck_partition items[PTCHECK_PARTITIONS_MAX];
	size_t count;
};

struct kernel_partition *model_find(struct model *model, unsigned int number);

/* As ioctl BLKPG. context: the struct model. */
int model_apply(void *context, const struct plan_action *action);

/* Its own scan: see blk_add_partition, which cuts what is too long, and does not mind what overlaps. */
void model_scan(struct model *model, const struct table *table);

/* start, size: sectors of the model. */
void add_to_table(struct table *table, const struct model *model, unsigned int number, __u64 start, __u64 size,
	unsigned int flags);

#endif
