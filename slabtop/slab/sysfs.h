/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libslab: what /sys/kernel/slab says of caches, where the kernel has SLUB and sysfs. Source:
 * mm/slub.c, Documentation/ABI/testing/sysfs-kernel-slab.
 *
 * Caches of the same geometry and flags are merged: they are one cache, and /proc/slabinfo has it
 * under the name of the first. Here each of them is a symbolic link to the folder of that one,
 * whose own name begins with a colon.
 */
#ifndef KERNKIT_SLAB_SYSFS_H
#define KERNKIT_SLAB_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum slab_flags {
	SLAB_RECLAIMABLE = 1 << 0, /* counts as memory that the kernel can take back */
	SLAB_DMA = 1 << 1,
	SLAB_RCU = 1 << 2, /* its slabs are freed after a grace period */
	SLAB_ALIGNED = 1 << 3, /* to cache lines */
	SLAB_POISON = 1 << 4,
	SLAB_RED_ZONE = 1 << 5,
	SLAB_STORE_USER = 1 << 6,
	SLAB_CHECKED = 1 << 7, /* sanity checks */
	SLAB_TRACED = 1 << 8,
	SLAB_ALL_FLAGS = (1 << 9) - 1,
};

/* The word for one of them, as in JSON: "reclaimable". NULL: there is no such flag. */
const char *slab_flag_name(unsigned int flag);

/* One cache, whatever its names. Lives as long as the slab_sysfs. */
struct slab_facts {
	const char *folder;
	const char *const *names; /* all of them, sorted; not a folder's that begins with a colon */
	size_t name_count;
	unsigned int flags; /* of those that were asked for */
	unsigned int loaded; /* private: which of them were read */
	__u64 order; /* of pages a slab; only with SLAB_ALL_FLAGS */
};

struct slab_sysfs;

/* Lists the folder, "/sys/kernel/slab". -ENOENT: there is none, as with SLAB. */
int slab_sysfs_open(struct slab_sysfs **sysfs, const char *folder);
/* Frees it with all facts that it gave. */
void slab_sysfs_free(struct slab_sysfs *sysfs);

/*
 * The cache of this name, with these flags read, each from a file, the first time they are asked
 * for; what cannot be read is not set. NULL: no such cache.
 */
const struct slab_facts *slab_sysfs_find(
	struct slab_sysfs *sysfs, const char *name, unsigned int flags);

enum { SLAB_NODES_MAX = 64 };

/* What a cache has on each node of memory. */
struct slab_nodes {
	unsigned int count; /* the highest node's number + 1 */
	struct slab_node {
		__u64 active_objs, num_objs, num_slabs, partial_slabs;
	} nodes[SLAB_NODES_MAX]; /* nodes beyond are left out */
};

/*
 * Reads four files, of which the kernel makes some by walking lists: not for all caches at once.
 * -ENOENT: no such cache; -ENODATA: they tell of no node, or cannot be read.
 */
int slab_sysfs_nodes(struct slab_sysfs *sysfs, const char *name, struct slab_nodes *nodes);

#endif
