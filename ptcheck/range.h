/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges of a disk, by where they begin and how large they are. */
#ifndef PTCHECK_RANGE_H
#define PTCHECK_RANGE_H

#include <stdbool.h>
#include <linux/types.h>

/* Whether they have something in common; what has no size does not. Their ends may need more than 64 bits. */
static inline bool ranges_overlap(__u64 one, __u64 one_size, __u64 other, __u64 other_size)
{
	if (!one_size || !other_size)
		return false;
	return one <= other ? other - one < one_size : one - other < other_size;
}

static inline bool range_has(__u64 start, __u64 size, __u64 offset)
{
	return ranges_overlap(start, size, offset, 1);
}

#endif
