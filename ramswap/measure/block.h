/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time of a page of a block device. */
#ifndef RAMSWAP_MEASURE_BLOCK_H
#define RAMSWAP_MEASURE_BLOCK_H

#include "../ramswap.h"
#include "times.h"

#define MEASURE_BLOCK_SIZE (4ULL << 20) /* bytes, of 0 */

struct measure_block {
	bool is_written; /* false: out is not measured */
	char reason[256]; /* why not: "it is mounted" */
	__u64 pages;
	struct measure_times out, in;
};

/*
 * name: below /sys/block, or below a disk there: "pmem0", "sda2". size: bytes at its beginning to write and read; 0:
 * MEASURE_BLOCK_SIZE; no more than the device has, and no more than MEASURE_SAMPLE_SIZE_MAX. It is written to only if
 * facts_block_usable says that it may be taken, and the kernel gives it to nobody else meanwhile (O_EXCL); what was
 * there is put back, also when a signal comes, but not after a kill -9 or a crash. Any other device is read alone, at
 * random places.
 *
 * 0; or a negative errno, and what was wrong: -ENODEV: there is no such device; -ENOMEM; -EIO: a page is not what was
 * written; -EINTR.
 */
int measure_block(const char *name, __u64 size, struct measure_block *block, struct ramswap_problem *problem);

#endif
