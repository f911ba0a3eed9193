/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * So many a second, and a few at once: a token bucket, kept as the time at which it will be full again. Times are
 * nanoseconds of a clock that does not go back.
 */
#ifndef KERNKIT_NETCON_SEND_PACE_H
#define KERNKIT_NETCON_SEND_PACE_H

#include <linux/types.h>

struct pace {
	__u64 interval; /* between two */
	unsigned int burst; /* how many at once, after a pause */
	__u64 full; /* when the bucket will be full */
};

/* rate: a second, 1 to 1000000000. burst: at least 1. The bucket is full. */
void pace_set(struct pace *pace, unsigned int rate, unsigned int burst);

/* How long to wait before the next may go; 0: it may go now. */
__u64 pace_wait(const struct pace *pace, __u64 now);

/* One goes now. */
void pace_take(struct pace *pace, __u64 now);

#endif
