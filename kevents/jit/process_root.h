/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files as another process sees them: its root, its mounts, its number in its own namespace. */
#ifndef KEVENTS_JIT_PROCESS_ROOT_H
#define KEVENTS_JIT_PROCESS_ROOT_H

#include <sys/types.h>
#include <stdint.h>

struct process_root {
	int fd;		 /* of its root, O_PATH: stays when the process goes */
	int32_t own_pid; /* what the process takes its number for */
	uid_t owner;	 /* its effective user id */
};

/* 0 or a negative errno: -ESRCH: it has gone. */
int process_root_open(int32_t pid, struct process_root *root);
void process_root_close(struct process_root *root);

/*
 * Opens a file below the root for reading, as the process would: links and .. do not lead out of
 * it. What the name itself stands for must be a file, not a link to one. The descriptor, or a
 * negative errno: -EINVAL: not a regular file.
 */
int process_root_open_file(const struct process_root *root, const char *path);

#endif
