/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's clocks as one number. */
#ifndef KERNKIT_TIME_CLOCK_H
#define KERNKIT_TIME_CLOCK_H

#include <errno.h>
#include <linux/types.h>
#include <signal.h>
#include <time.h>

#define CLOCK_SECOND 1000000000ULL /* in nanoseconds */
#define CLOCK_MILLISECOND 1000000ULL

/* Nanoseconds of that clock. */
static inline __u64 clock_read(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (__u64)time.tv_sec * CLOCK_SECOND + (__u64)time.tv_nsec;
}

/* Nanoseconds of CLOCK_MONOTONIC: what to measure with. */
static inline __u64 clock_now(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

static inline struct timespec clock_timespec(__u64 nanoseconds)
{
	return (struct timespec){ .tv_sec = (time_t)(nanoseconds / CLOCK_SECOND), .tv_nsec = (long)(nanoseconds % CLOCK_SECOND) };
}

/* For poll(2): the milliseconds until then, of CLOCK_MONOTONIC, and one more, so that it is over when they are; 0: it is over. */
static inline int clock_poll_timeout(__u64 deadline)
{
	__u64 now = clock_now();

	return now < deadline ? (int)((deadline - now) / CLOCK_MILLISECOND) + 1 : 0;
}

/* Sleeps until then, of CLOCK_MONOTONIC, or until a signal comes whose handler sets *is_ended. */
static inline void clock_sleep_until(__u64 time, const volatile sig_atomic_t *is_ended)
{
	struct timespec until = clock_timespec(time);

	while (!*is_ended && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

/* How long to wait before another attempt, in any unit: twice as long as before, from least to most; least after 0. */
static inline __u64 clock_back_off(__u64 wait, __u64 least, __u64 most)
{
	if (!wait)
		return least;
	return wait < most / 2 ? 2 * wait : most;
}

#endif
