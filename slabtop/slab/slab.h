/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libslab: the kernel's slab caches, as /proc/slabinfo tells of them.
 *
 * Source: mm/slab_common.c (versions 2.x), mm/slab.c of Linux 2.2 and 2.4 (versions 1.x). A
 * function that returns int returns 0 or a negative errno.
 */
#ifndef KERNKIT_SLAB_H
#define KERNKIT_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* One cache. What the version of the file does not tell is 0. */
struct slab_cache {
	const char *name; /* as it stands there, spaces included; lives as long as the snapshot */
	__u64 active_objs, num_objs;
	__u64 obj_size; /* bytes, with the allocator's padding */
	__u64 objs_per_slab, pages_per_slab;
	__u64 limit, batchcount, sharedfactor; /* tunables of SLAB; 0 with SLUB */
	__u64 active_slabs, num_slabs, shared_avail;
};

/* All caches at one time. Zero it before its first use; it is used again by the next reading. */
struct slab_snapshot {
	__u64 time; /* nanoseconds since 1970 */
	__u64 monotonic; /* nanoseconds, CLOCK_MONOTONIC: what to measure intervals with */
	__u64 page_size; /* bytes, of the machine that the figures are from */
	unsigned int major, minor; /* the file's version */
	bool has_statistics; /* a kernel that was built to count more; those counts are skipped */
	size_t malformed; /* lines that were not understood; 0 in a whole file */

	struct slab_cache *caches; /* in the order of the file: the newest cache first */
	size_t count;

	/* Private. */
	size_t capacity, text_capacity;
	char *text;
};

/*
 * Reads the whole of fd, from its beginning, into the snapshot, and the time. What can be read
 * twice can be kept open. page_size is the caller's to set, before or after. -EPROTO: not a
 * slabinfo file; -EPROTONOSUPPORT: a version that is not known; -EFBIG: beyond 64 MiB; or what
 * read(2) says.
 */
int slab_read(struct slab_snapshot *snapshot, int fd);

/* The same from memory: size bytes of text, which are copied. The times stay as they are. */
int slab_parse(struct slab_snapshot *snapshot, const char *text, size_t size);

/* Frees the text and the caches; the structure is the caller's. */
void slab_snapshot_free(struct slab_snapshot *snapshot);

/*
 * Bytes: of the pages of a cache, an upper bound, since a slab may have been allocated with fewer
 * pages; of those of its objects that are in use. Saturating.
 */
__u64 slab_cache_bytes(const struct slab_cache *cache, __u64 page_size);
__u64 slab_active_bytes(const struct slab_cache *cache);

/* Sums over all caches of a snapshot. */
struct slab_totals {
	__u64 active_objs, num_objs, active_slabs, num_slabs;
	size_t active_caches, caches;
	__u64 active_bytes, object_bytes; /* of objects */
	__u64 min_obj_size, max_obj_size; /* 0 without caches */
};

/* *totals of the snapshot. Saturating. */
void slab_add_up(struct slab_totals *totals, const struct slab_snapshot *snapshot);

#endif
