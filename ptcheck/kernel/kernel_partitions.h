/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which partitions the kernel has of a disk now, whatever the disk's table says: from sysfs. */
#ifndef PTCHECK_KERNEL_PARTITIONS_H
#define PTCHECK_KERNEL_PARTITIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "../ptcheck.h"

#define KERNEL_SYSFS "/sys"

struct kernel_partition {
	unsigned int number;
	__u64 start, size; /* bytes; their sum is at most LLONG_MAX */
};

struct kernel_partitions {
	struct kernel_partition items[PTCHECK_PARTITIONS_MAX]; /* by number, which no two share */
	size_t count;
	bool can_be; /* false: the kernel has no partitions of a disk of this kind, such as one of device mapper */
};

/*
 * Reads what the kernel has of the disk with that device number. sysfs: where it is mounted, KERNEL_SYSFS. A
 * partition that goes while the list is read is not in it.
 *
 * 0; -ENOENT: sysfs is not there, or has no such device; -ENOTBLK: the device is a partition, not a disk;
 * -EBADMSG: there is what no kernel writes; or another negative errno of open(2), read(2) or readdir(3). *list
 * is then empty.
 */
int kernel_partitions_read(struct kernel_partitions *list, const char *sysfs, dev_t device);

/* The one of that number; NULL: there is none. */
const struct kernel_partition *kernel_partitions_find(const struct kernel_partitions *list, unsigned int number);

#endif
