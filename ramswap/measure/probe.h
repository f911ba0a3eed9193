/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a program waits for a page of the machine's first swap, measured by such waits: pages of this process are
 * swapped out with MADV_PAGEOUT (Linux 5.4), and touched one by one. The time is the whole fault, as any program has
 * it: exception, swap entry, device, decompression, mapping. No privilege is needed.
 */
#ifndef RAMSWAP_MEASURE_PROBE_H
#define RAMSWAP_MEASURE_PROBE_H

#include "../ramswap.h"
#include "times.h"

#define MEASURE_PROBE_SIZE (4 << 20) /* bytes, of 0 */
#define MEASURE_PROBE_SIZE_MAX (64 << 20)
#define MEASURE_PROBE_SECONDS 3 /* then no more pages are touched */

struct measure_latency {
	/*
	 * The swap of /proc/swaps that took most of the pages; where zswap is on they may be in its pool, in front of
	 * it.
	 */
	char swap[RAMSWAP_PATH_MAX + 1];
	bool is_zswap_enabled;
	__u64 asked_pages; /* how many were to go out */
	__u64 out_pages; /* how many went: neither mapped nor in the swap cache */
	/*
	 * Of those: how many came back with another one, by readahead (vm.page-cluster), before they were touched. They
	 * are not in the times.
	 */
	__u64 ahead_pages;
	/*
	 * The time of a page out, the mean over all, in nanoseconds. A device that writes behind, a disk, has less here
	 * than it takes: the kernel does not wait for it.
	 */
	double out_ns;
	struct measure_times in; /* of the pages that were touched */
};

/*
 * size: bytes to swap out; 0: MEASURE_PROBE_SIZE; more than the most is the most, less than a page
 * is a page. Half of each page is random bytes. The order
 * of touching is random, so that readahead has no pattern to follow. The contents are compared.
 *
 * 0; or a negative errno, and what was wrong: -ENODEV: no swap is on; -ENOMEM: memory or swap is too short for that, or
 * no page went out, as in a control group without swap; -EOPNOTSUPP: this kernel has no MADV_PAGEOUT; -EIO: a page came
 * back with other contents.
 */
int measure_probe(__u64 size, struct measure_latency *latency, struct ramswap_problem *problem);

#endif
