/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc/vmstat counts of swap since the start of the machine. Pages are of the kernel's page size. */
#ifndef RAMSWAP_STATUS_COUNTERS_H
#define RAMSWAP_STATUS_COUNTERS_H

#include <linux/types.h>
#include <stdbool.h>

#define STATUS_VMSTAT_MAX (64 * 1024) /* of /proc/vmstat */

struct status_counters {
	__u64 in, out; /* pages that came from a swap device, and that went to one: pswpin, pswpout */
	/*
	 * Since 6.12: pages of zeros have a slot of swap, but are not written. They are counted here, and not above.
	 */
	bool has_zeros;
	__u64 zeros_in, zeros_out;
	__u64 zswap_in, zswap_out; /* pages that zswap kept instead of a device; not counted above either */
	/* Since 5.9: pages that were wanted again soon after they were given up. */
	bool has_refaults;
	__u64 refaults_anonymous, refaults_file;
	__u64 major_faults; /* waits for a disk or a swap device */
	__u64 stalls; /* allocations that had to free memory themselves: the sum of allocstall_* */
	__u64 kills; /* by the OOM killer */
};

/* text: that file's, up to a 0. A line that is nonsense counts for nothing. false: there is no pswpin in it. */
bool status_counters_parse(const char *text, struct status_counters *counters);

/* Of the machine below root. 0; -ENODATA: the kernel counts no swap; another negative errno of the file. */
int status_counters_read(int root, struct status_counters *counters);

#endif
