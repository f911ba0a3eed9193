/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine's memory and swap at one moment, and what happened between two moments. Sizes are in bytes. */
#ifndef RAMSWAP_STATUS_SAMPLE_H
#define RAMSWAP_STATUS_SAMPLE_H

#include "../ramswap.h"
#include "status.h"

struct status_sample {
	__u64 time; /* nanoseconds, of CLOCK_MONOTONIC */
	__u64 page_size;
	__u64 total, available, anonymous, file; /* of struct ramswap_memory; available: 0: the kernel does not say */
	__u64 swap, swap_used, swap_cached;
	__u64 fast, fast_used; /* of that: on zram, pmem and brd; the rest is on disks */
	__u64 stored, in_memory, resident; /* of all zram swaps together */
	__s64 gained; /* as struct status_total has it */
	bool has_counters;
	struct status_counters counters;
	bool has_pressure;
	__u64 some, full; /* microseconds in which some program, or every one, waited for memory */
};

/* From one sample to a later one. A counter that went back counts for nothing. */
struct status_rates {
	double seconds; /* between the two; 0: there is no later one, and all else is 0, too */
	/* Bytes a second. */
	double in, out; /* from and to swap devices */
	double zeros_in, zeros_out;
	double refaults_anonymous, refaults_file;
	double major_faults, stalls; /* a second */
	__u64 kills; /* in that time */
	double some, full; /* percent of the time */
};

/* status may be one without counters. */
void status_sample_make(const struct ramswap_facts *facts, const struct ramswap_status *status, __u64 time,
	struct status_sample *sample);

/* Of the machine below root, now. 0; or a negative errno and what was wrong. */
int status_sample_take(int root, struct status_sample *sample, struct ramswap_problem *problem);

void status_rates_make(const struct status_sample *from, const struct status_sample *to, struct status_rates *rates);

/* in_memory to resident; 0: nothing is resident. */
double status_sample_ratio(const struct status_sample *sample);

#endif
