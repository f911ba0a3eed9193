/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan of upkeep, carried out through the files of /sys/block/zramN. Pages move from memory to the backing device, or become
 * smaller; none is lost, whenever this is killed: the kernel does each page as a whole, and the budget counts what is
 * about to be written before it is.
 */
#ifndef RAMSWAP_UPKEEP_RUN_H
#define RAMSWAP_UPKEEP_RUN_H

#include "decide.h"

/* Why no more was written back. */
enum upkeep_end {
	UPKEEP_NOT_WANTED, /* the plan said so */
	UPKEEP_ALL, /* every idle page is written back */
	UPKEEP_BUDGET, /* the budget is spent */
	UPKEEP_NOT_YET, /* this kernel marks by hand: what was marked is not idle for long enough */
	UPKEEP_DEVICE_FULL, /* the backing device is */
	UPKEEP_STOPPED, /* the user did */
	UPKEEP_FAILED,
};

/* "all", "budget": for programs. */
const char *upkeep_end_word(enum upkeep_end end);

struct upkeep_result {
	enum upkeep_end end;
	__u64 written; /* bytes to the backing device */
	__u64 recompressed; /* bytes of compressed data that recompression saved */
	__s64 freed; /* bytes of memory: of the device, before less after */
};

/* Asked between two portions; true: stop. */
typedef bool upkeep_stop(void);

/*
 * One device of the plan, whose budget it keeps. now: seconds since 1970; boot: seconds of CLOCK_BOOTTIME; past gets what the next
 * upkeep needs to know of it. Who calls holds the lock of ramswap/state/lock.h. 0; or a negative errno and what was
 * wrong; *result is right in any case.
 */
int upkeep_run(int root, struct upkeep_plan *plan, struct upkeep_device *device, struct past *past, __u64 now,
	__u64 boot, upkeep_stop *stop, struct upkeep_result *result, struct ramswap_problem *problem);

#endif
