/* SPDX-License-Identifier: GPL-2.0 */
/* The path of a file, for the log, in hooks in which the kernel does not let bpf_d_path be called. */
#ifndef DIGSIG_PATH_BPF_H
#define DIGSIG_PATH_BPF_H

#include "maps.bpf.h"

#define PATH_SIZE DIGSIG_PATH_SIZE
#include "../../lib/bpf/path_walk.bpf.h"

/*
 * Fills in event->path, from which the first names are missing if it is too long, or if the mount is
 * not known: 0.
 */
static void put_path_by_hand(struct digsig_event *event, __u64 dentry, __u64 vfsmount)
{
	struct path_walk walk;
	__u64 size;

	event->path[PATH_END] = 0;
	walk_path(&walk, event->path, (struct dentry *)dentry, vfsmount);
	if (!walk.is_whole)
		event->flags |= DIGSIG_EVENT_PATH_CUT;
	size = PATH_END + 1 - walk.at;
	SHOW_VERIFIER(size);
	if (size <= PATH_END + 1)
		bpf_probe_read_kernel(event->path, size, event->path + walk.at);
}

#endif
