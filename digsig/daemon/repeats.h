/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which events are repeats. The first of its kind is logged; what is like it, the same verdict at
 * the same hook about the same path, is counted only, and told once an interval.
 *
 * The table lies in memory that outlives the process (state.h). A kill at any instruction neither
 * loses a repeat nor counts it twice.
 */
#ifndef DIGSIG_DAEMON_REPEATS_H
#define DIGSIG_DAEMON_REPEATS_H

#include <stdbool.h>
#include "../kernel/engine.h"

/* So many kinds at a time; what is beyond them is logged as if it had not been before. */
#define REPEATS_MAX 1024

struct repeat {
	__u64 key; /* a hash of what makes the kind; 0: free */
	__u64 until; /* when it is told, in seconds of CLOCK_BOOTTIME */
	__u64 count; /* repeats that were not told yet */
	struct digsig_event first;
};

struct repeats {
	/* The repeat counted last: what it is, where it counts, and what the count is with it. */
	struct {
		__u64 time, inode;
		__u32 pid, hook;
		__u32 slot;
		__u32 is_valid;
		__u64 count;
	} counting;
	struct repeat slot[REPEATS_MAX];
};

/* After a restart: finishes what was under way. */
void repeats_recover(struct repeats *repeats);

/*
 * Whether the event is a repeat, which is then counted; also when it is the one counted last,
 * handed on again after a kill. If not, it is the first of its kind from now on. rate: seconds,
 * 0: nothing is ever a repeat.
 */
bool repeats_count(
	struct repeats *repeats, const struct digsig_event *event, __u64 now, unsigned int rate);

/*
 * Calls tell for each kind of which repeats have not been told and whose time has come. rate 0: they
 * begin anew.
 */
typedef void repeat_teller(const struct repeat *repeat, void *context);
/* now: seconds of CLOCK_BOOTTIME. A kind whose time has come without a repeat is forgotten. */
void repeats_tell(struct repeats *repeats, __u64 now, unsigned int rate, repeat_teller *tell,
	void *context);

#endif
