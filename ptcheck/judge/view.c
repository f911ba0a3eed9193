// SPDX-License-Identifier: GPL-2.0-or-later
#include "../range.h"
#include "bytes.h"
#include "view.h"

struct ptcheck_disk view_disk(const struct ptcheck_disk *disk)
{
	struct ptcheck_disk known = *disk;

	if (!is_sector_size(disk->sector_size))
		known.sector_size = 0;
	return known;
}

const __u8 *view_bytes(const struct view *view, __u64 offset, __u32 size)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct ptcheck_block *block = &view->blocks[i];

		if (!block->err && offset >= block->offset && offset - block->offset <= block->size &&
			size <= block->size - (offset - block->offset))
			return (const __u8 *)block->bytes + (offset - block->offset);
	}
	return NULL;
}

bool view_is_on_disk(const struct view *view, __u64 offset, __u64 size)
{
	__u64 end;

	if (__builtin_add_overflow(offset, size, &end))
		return false;
	return !view->disk->size || end <= view->disk->size;
}

/* Whether a block that could not be read has some of the range. */
static bool has_failed(const struct ptcheck_block *block, __u64 offset, __u32 size)
{
	return block->err && ranges_overlap(block->offset, block->size, offset, size);
}

bool view_is_lost(const struct view *view, __u64 offset, __u32 size)
{
	if (view_bytes(view, offset, size))
		return false;
	if (!view_is_on_disk(view, offset, size))
		return true;
	for (size_t i = 0; i < view->count; i++)
		if (has_failed(&view->blocks[i], offset, size))
			return true;
	return false;
}

const __u8 *view_want(const struct view *view, __u64 offset, __u32 size)
{
	const __u8 *bytes = view_bytes(view, offset, size);

	if (!bytes && !view->wanted->size && !view_is_lost(view, offset, size))
		*view->wanted = (struct ptcheck_range){ offset, size };
	return bytes;
}

__u32 view_sector_size(const struct view *view)
{
	return view->disk->sector_size ? view->disk->sector_size : 512;
}
