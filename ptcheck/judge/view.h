/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The blocks of a disk that the caller has read. */
#ifndef PTCHECK_VIEW_H
#define PTCHECK_VIEW_H

#include "../ptcheck.h"

struct view {
	const struct ptcheck_disk *disk;
	const struct ptcheck_block *blocks;
	size_t count;
	struct ptcheck_range *wanted; /* what view_want asks for first */
};

/* What a caller says of the disk, as far as it can be: a sector size that there is none of is unknown. */
struct ptcheck_disk view_disk(const struct ptcheck_disk *disk);

/* The bytes, if one block has all of them; else NULL. */
const __u8 *view_bytes(const struct view *view, __u64 offset, __u32 size);

/*
 * The same; if they were not read yet and lie on the disk, they are wanted as well: *wanted is set, unless something
 * is wanted already. So the first want of a judgement is the one that its caller sees.
 */
const __u8 *view_want(const struct view *view, __u64 offset, __u32 size);

/* Whether reading them was tried, and failed, or they lie behind the disk's end. */
bool view_is_lost(const struct view *view, __u64 offset, __u32 size);

/* Whether a range lies on the disk; of a disk of unknown size all ranges do that do not overflow. */
bool view_is_on_disk(const struct view *view, __u64 offset, __u64 size);

/* What a sector is, as far as it is known: that of the disk, else 512. */
__u32 view_sector_size(const struct view *view);

#endif
