/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kind of file system a file lies on, as the engine sees it: see file_stability in
 * digsig/kernel/stability.bpf.h, with which this list is kept the same.
 */
#ifndef DIGSIG_FILE_FILE_SYSTEM_KIND_H
#define DIGSIG_FILE_FILE_SYSTEM_KIND_H

enum file_system_kind {
	FILE_SYSTEM_STABLE, /* every change begins with an open that the engine sees */
	FILE_SYSTEM_LAYERED, /* overlayfs: judged at every use */
	FILE_SYSTEM_UNSTABLE, /* nothing on it is ever ok: FUSE, NFS, and what is not known */
	FILE_SYSTEM_PSEUDO, /* the kernel makes it up: proc, sysfs and the like; unstable too */
};

/* magic: statfs(2)'s f_type. */
enum file_system_kind file_system_kind(unsigned long magic);

#endif
