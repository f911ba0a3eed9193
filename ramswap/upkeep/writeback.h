/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Within ramswap/upkeep: one device that is worked on. */
#ifndef RAMSWAP_UPKEEP_WRITEBACK_H
#define RAMSWAP_UPKEEP_WRITEBACK_H

#include "run.h"

struct upkeep_run {
	int root, folder; /* folder: of the device in /sys/block */
	struct upkeep_plan *plan;
	struct upkeep_device *device;
	__u64 now; /* seconds since 1970, when it began */
	__u64 begin; /* of CLOCK_MONOTONIC */
	upkeep_stop *stop;
	struct upkeep_result *result;
	struct ramswap_problem *problem;
};

/* mm_stat and bd_stat, as far as they can be read. */
void upkeep_read_counts(int folder, struct ramswap_zram *zram);

/* Says that text could not be written to the attribute, and returns err. */
int upkeep_fail(struct upkeep_run *run, int err, const char *attribute, const char *text);

/*
 * Idle pages, in portions, until there are none, the budget is spent, or run->stop says so. counts are those of the
 * device, and stay so.
 */
int upkeep_write_back(struct upkeep_run *run, struct ramswap_zram *counts);

#endif
