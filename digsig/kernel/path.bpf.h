/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The path of a file, for hooks in which the kernel does not let bpf_d_path be called: from the file
 * upwards, across mounts, name by name. For the log only: no lock is held, and a rename meanwhile may
 * make a path that never was.
 */
#ifndef DIGSIG_PATH_BPF_H
#define DIGSIG_PATH_BPF_H

#include "maps.bpf.h"

#define NAME_MAX 255
#define PATH_NAMES_MAX 64
/* Names are put in from here towards the front, so that the verifier sees that each has room. */
#define PATH_BEGIN (DIGSIG_PATH_SIZE - NAME_MAX - 1)

struct path_walk {
	struct digsig_event *event;
	struct dentry *dentry;
	struct mount *mount;
	__u32 at; /* where the path begins so far, in event->path */
	__u32 is_whole;
};

/* bpf_loop callback: one name or one mount upwards. */
static long walk_up(__u32 round, void *context)
{
	struct path_walk *walk = context;
	struct dentry *dentry = walk->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	struct mount *mount = walk->mount;
	__u64 length, at;

	if ((mount && dentry == BPF_CORE_READ(mount, mnt.mnt_root)) || dentry == parent) {
		struct mount *above = mount ? BPF_CORE_READ(mount, mnt_parent) : NULL;

		if (!mount)
			return 1;
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
	if (length > NAME_MAX || at >= PATH_BEGIN)
		return 1;
	bpf_probe_read_kernel(
		walk->event->path + at + 1, length, BPF_CORE_READ(dentry, d_name.name));
	walk->event->path[at] = '/';
	walk->at = at;
	walk->dentry = parent;
	return 0;
}

/*
 * Fills in event->path, from which the first names are missing if it is too long, or if the mount is
 * not known: 0.
 */
static void put_path_by_hand(struct digsig_event *event, __u64 dentry, __u64 vfsmount)
{
	struct path_walk walk = {
		.event = event,
		.dentry = (struct dentry *)dentry,
		.mount = vfsmount ? (void *)vfsmount - bpf_core_field_offset(struct mount, mnt) :
				    NULL,
		.at = PATH_BEGIN,
	};
	__u64 size;

	event->path[PATH_BEGIN] = 0;
	bpf_loop(2 * PATH_NAMES_MAX, walk_up, &walk, 0);
	if (!walk.is_whole)
		event->flags |= DIGSIG_EVENT_PATH_CUT;
	size = PATH_BEGIN + 1 - walk.at;
	SHOW_VERIFIER(size);
	if (size <= PATH_BEGIN + 1)
		bpf_probe_read_kernel(event->path, size, event->path + walk.at);
}

#endif
