/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disks in memory, and what every judgement of one must hold to, for the unit test and the fuzz target. A block that
 * is wanted becomes memory of its own, of its very size, so that a read outside it is seen.
 */
#ifndef PTCHECK_TEST_IMAGE_H
#define PTCHECK_TEST_IMAGE_H

#include "ptcheck/ptcheck.h"

struct image {
	const __u8 *bytes;
	size_t size; /* of bytes; what lies behind them on the disk is zero */
	struct ptcheck_disk disk;
	/* What cannot be read: blocks that touch it. */
	__u64 lost_from, lost_to;
	/* What was read. */
	struct ptcheck_block *blocks;
	size_t count, room;
};

/* Reads what is wanted; aborts if it was read before, does not lie on the disk, or is larger than any table. */
void image_read(struct image *image, const struct ptcheck_range *wanted);

/* Judges it to the end, in at most PTCHECK_READS_MAX reads, else aborts. Returns how many there were. */
unsigned int image_judge(struct image *image, struct ptcheck_result *result);

/* The same of a list, which begins with what is read already. */
unsigned int image_list(struct image *image, enum ptcheck_kind kind, struct ptcheck_table *table);

/* Aborts if an answer contradicts itself. */
void image_check_result(const struct image *image, const struct ptcheck_result *result);
void image_check_table(const struct image *image, const struct ptcheck_table *table);

/* Lets go of what was read. */
void image_forget(struct image *image);

#endif
