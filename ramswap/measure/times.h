/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many times of one thing, and what is said of them. All are nanoseconds. */
#ifndef RAMSWAP_MEASURE_TIMES_H
#define RAMSWAP_MEASURE_TIMES_H

#include <linux/types.h>
#include <stddef.h>

/*
 * Nearest ranks: of count times in order, p90 is the one at ceil(0.9 x count), the first being 1. So each is a time
 * that was measured. All 0 without times.
 */
struct measure_times {
	__u64 count;
	__u64 p50, p90, p99, max;
	double mean;
};

/* Of the CLOCK_MONOTONIC_RAW, which nobody sets. */
__u64 measure_now(void);

/* Puts times into order. */
void measure_times_sum_up(__u64 *times, size_t count, struct measure_times *sum);

#endif
