/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The path of a mapped file. The kernel does not let bpf_d_path be called where mappings are made, so
 * the names are read from the file upwards, across mounts, into scratch memory, from its end towards
 * its front. No lock is held: a rename meanwhile may make a path that never was.
 */
#ifndef KEVENTS_PATH_BPF_H
#define KEVENTS_PATH_BPF_H

#include "maps.bpf.h"

#define PATH_NAME_MAX 255
#define PATH_STEPS_MAX 128
#define PATH_SIZE EVENT_TEXT_LARGE
/* Where a path ends in the scratch memory. Room for a name behind it lets the verifier believe. */
#define PATH_END (PATH_SIZE - PATH_NAME_MAX - 1)

struct path_scratch {
	__u32 is_taken;
	__u32 at; /* where it begins, in bytes */
	__u32 is_cut;
	__u8 bytes[PATH_SIZE + PATH_NAME_MAX + 1];
};

/*
 * As many paths can be read at once; the CPU's number says where to look first. Not an entry a CPU,
 * since on a preemptible kernel two programs can take turns on one.
 */
#define PATH_SCRATCHES 256

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PATH_SCRATCHES);
	__type(key, __u32);
	__type(value, struct path_scratch);
} path_scratches SEC(".maps");

struct path_walk {
	struct path_scratch *scratch;
	struct dentry *dentry;
	struct mount *mount;
};

static struct path_scratch *take_scratch(void)
{
	__u32 first = bpf_get_smp_processor_id();

	for (__u32 i = 0; i < 8; i++) {
		__u32 key = (first + i * 31) % PATH_SCRATCHES;
		struct path_scratch *scratch = bpf_map_lookup_elem(&path_scratches, &key);

		if (scratch && !__sync_val_compare_and_swap(&scratch->is_taken, 0, 1))
			return scratch;
	}
	return NULL;
}

static __always_inline void give_back(struct path_scratch *scratch)
{
	__sync_lock_test_and_set(&scratch->is_taken, 0);
}

/* bpf_loop callback: one name or one mount upwards. */
static long walk_up(__u32 round, void *context)
{
	struct path_walk *walk = context;
	struct path_scratch *scratch = walk->scratch;
	struct dentry *dentry = walk->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	struct mount *mount = walk->mount;
	__u64 length, at;

	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root) || dentry == parent) {
		struct mount *above = BPF_CORE_READ(mount, mnt_parent);

		if (above == mount || !above) {
			scratch->is_cut = 0;
			return 1;
		}
		walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		walk->mount = above;
		return 0;
	}
	length = BPF_CORE_READ(dentry, d_name.len);
	at = scratch->at - length - 1;
	SHOW_VERIFIER(length);
	SHOW_VERIFIER(at);
	/* Below 0, "at" wraps and is too large. The path then begins with the name before. */
	if (length > PATH_NAME_MAX || at >= PATH_END)
		return 1;
	if (bpf_probe_read_kernel(
		    scratch->bytes + at + 1, length, BPF_CORE_READ(dentry, d_name.name)))
		return 1;
	scratch->bytes[at] = '/';
	scratch->at = at;
	walk->dentry = parent;
	return 0;
}

/* Returns the path's size, without a 0; it begins at scratch->bytes + scratch->at. */
static __u64 read_path(struct path_scratch *scratch, struct file *file)
{
	struct path_walk walk = {
		.scratch = scratch,
		.dentry = BPF_CORE_READ(file, f_path.dentry),
		.mount = (void *)BPF_CORE_READ(file, f_path.mnt) -
			bpf_core_field_offset(struct mount, mnt),
	};

	scratch->at = PATH_END;
	scratch->is_cut = 1;
	bpf_loop(PATH_STEPS_MAX, walk_up, &walk, 0);
	return PATH_END - scratch->at;
}

static __always_inline bool is_unlinked(struct file *file)
{
	struct dentry___hash *dentry = (void *)BPF_CORE_READ(file, f_path.dentry);

	return !BPF_CORE_READ(file, f_inode, i_nlink) ||
		(bpf_core_field_exists(dentry->d_hash) && !BPF_CORE_READ(dentry, d_hash.pprev));
}

#endif
