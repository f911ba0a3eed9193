/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The path of a file, for hooks in which the kernel does not let bpf_d_path be called: from the file
 * upwards, across mounts, name by name. No lock is held: a rename meanwhile may make a path that never
 * was.
 *
 * Who includes this defines PATH_SIZE first, how long a path can be: a constant, because the verifier has to
 * see it.
 */
#ifndef KERNKIT_BPF_PATH_WALK_BPF_H
#define KERNKIT_BPF_PATH_WALK_BPF_H

#include "file_types.h"
#include "verifier.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define PATH_NAME_MAX 255
#define PATH_STEPS_MAX 128
/* Where a path ends in its buffer. Room for a name behind it satisfies the verifier. */
#define PATH_END (PATH_SIZE - PATH_NAME_MAX - 1)

struct path_walk {
	__u8 *bytes; /* names are put in from PATH_END towards the front */
	struct dentry *dentry;
	struct mount *mount; /* NULL: not known */
	__u32 at; /* where the path begins so far, in bytes */
	__u32 is_whole; /* 0: the first names are missing */
};

/* bpf_loop callback: one name or one mount upwards. */
static long walk_up(__u32 round, void *context)
{
	struct path_walk *walk = context;
	struct dentry *dentry = walk->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	struct mount *mount = walk->mount;
	__u64 length, at;

	if ((mount && dentry == BPF_CORE_READ(mount, mnt.mnt_root)) || dentry == parent) {
		struct mount *above;

		if (!mount)
			return 1;
		above = BPF_CORE_READ(mount, mnt_parent);
		if (above == mount || !above) {
			walk->is_whole = 1;
			return 1;
		}
		walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		walk->mount = above;
		return 0;
	}
	length = BPF_CORE_READ(dentry, d_name.len);
	at = walk->at - length - 1;
	SHOW_VERIFIER(length);
	SHOW_VERIFIER(at);
	/* Below 0, "at" wraps and is too large. The path then begins with the name before. */
	if (length > PATH_NAME_MAX || at >= PATH_END)
		return 1;
	if (bpf_probe_read_kernel(walk->bytes + at + 1, length, BPF_CORE_READ(dentry, d_name.name)))
		return 1;
	walk->bytes[at] = '/';
	walk->at = at;
	walk->dentry = parent;
	return 0;
}

/*
 * Reads the path of a dentry, seen through a mount (0: not known), into PATH_SIZE bytes. It stands from walk->at to PATH_END, without a 0 behind it.
 */
static __always_inline void walk_path(
	struct path_walk *walk, __u8 *bytes, struct dentry *dentry, __u64 vfsmount)
{
	walk->bytes = bytes;
	walk->dentry = dentry;
	walk->mount =
		vfsmount ? (void *)vfsmount - bpf_core_field_offset(struct mount, mnt) : NULL;
	walk->at = PATH_END;
	walk->is_whole = 0;
	bpf_loop(PATH_STEPS_MAX, walk_up, walk, 0);
}

#endif
