/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The path of a mapped file: the kernel does not let bpf_d_path be called where mappings are made. The
 * names are read into scratch memory.
 */
#ifndef KEVENTS_PATH_BPF_H
#define KEVENTS_PATH_BPF_H

#include "maps.bpf.h"

#define PATH_SIZE EVENT_TEXT_LARGE
#include "../../lib/bpf/path_walk.bpf.h"

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

/* Returns the path's size, without a 0; it begins at scratch->bytes + scratch->at. */
static __u64 read_path(struct path_scratch *scratch, struct file *file)
{
	struct path_walk walk;

	walk_path(&walk, scratch->bytes, BPF_CORE_READ(file, f_path.dentry),
		(__u64)BPF_CORE_READ(file, f_path.mnt));
	scratch->at = walk.at;
	scratch->is_cut = !walk.is_whole;
	return PATH_END - walk.at;
}

static __always_inline bool is_unlinked(struct file *file)
{
	struct dentry___hash *dentry = (void *)BPF_CORE_READ(file, f_path.dentry);

	return !BPF_CORE_READ(file, f_inode, i_nlink) ||
		(bpf_core_field_exists(dentry->d_hash) && !BPF_CORE_READ(dentry, d_hash.pprev));
}

#endif
