/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time since the boot, in nanoseconds. */
#ifndef KERNKIT_NETCON_SEND_CLOCK_H
#define KERNKIT_NETCON_SEND_CLOCK_H

#include <time.h>
#include <linux/types.h>

#define CLOCK_SECOND 1000000000ULL

static inline __u64 clock_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (__u64)time.tv_sec * CLOCK_SECOND + (__u64)time.tv_nsec;
}

#endif
