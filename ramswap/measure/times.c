// SPDX-License-Identifier: GPL-2.0-or-later
#include "times.h"
#include <stdlib.h>
#include <string.h>
#include "../../lib/time/clock.h"

__u64 measure_now(void)
{
	return clock_read(CLOCK_MONOTONIC_RAW);
}

static int compare_times(const void *one, const void *other)
{
	__u64 a = *(const __u64 *)one, b = *(const __u64 *)other;

	return (a > b) - (a < b);
}

/* The time at the rank: percent of count, rounded up. */
static __u64 at_percent(const __u64 *times, size_t count, size_t percent)
{
	return times[(count * percent + 99) / 100 - 1];
}

void measure_times_sum_up(__u64 *times, size_t count, struct measure_times *sum)
{
	memset(sum, 0, sizeof(*sum));
	if (!count)
		return;
	qsort(times, count, sizeof(*times), compare_times);
	for (size_t i = 0; i < count; i++)
		sum->mean += (double)times[i] / (double)count;
	sum->count = count;
	sum->p50 = at_percent(times, count, 50);
	sum->p90 = at_percent(times, count, 90);
	sum->p99 = at_percent(times, count, 99);
	sum->max = times[count - 1];
}
