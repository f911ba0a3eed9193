/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FANOTIFY_STATE_FILE: what others may know of a fanotify engine that runs. The process that runs
 * it holds a lock on the file; a file without a lock is what a process left that is no more.
 */
#ifndef DIGSIG_FANOTIFY_STATE_H
#define DIGSIG_FANOTIFY_STATE_H

#include "engine.h"

struct fanotify_state {
	unsigned int pid, mode, certificates, file_systems, libraries;
	__u64 start_time; /* seconds since 1970 */
	struct fanotify_counters counters;
};

/* Makes the file and locks it. Returns a descriptor; -EBUSY: an engine runs already. */
int fanotify_state_open(void);

/* Writes the state as it is now. 0 or a negative errno. */
int fanotify_state_write(int fd, const struct fanotify_state *state);

/* Removes the file, and closes fd. */
void fanotify_state_close(int fd);

/* -ENOENT: no such engine runs. */
int fanotify_state_read(struct fanotify_state *state);

#endif
