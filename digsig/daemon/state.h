/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What digsigd knows that is not written yet: mapped from a file in /run, so that a kill -9 leaves it. */
#ifndef DIGSIG_DAEMON_STATE_H
#define DIGSIG_DAEMON_STATE_H

#include "repeats.h"

struct daemon_state {
	__u32 version, size; /* another one's state is not taken */
	__u64 unwritten; /* events that could not be written to the log file, and are not told yet */
	__s32 unwritten_error; /* why the last of them could not, a negative errno */
	__u32 unwritten_notes; /* how often that was told */
	struct repeats repeats;
};

/* Maps the file, which is made if need be. NULL: see errno. */
struct daemon_state *daemon_state_open(const char *path);

#endif
