// SPDX-License-Identifier: GPL-2.0-or-later
#include "pace.h"

void pace_set(struct pace *pace, unsigned int rate, unsigned int burst)
{
	*pace = (struct pace){ .interval = 1000000000 / rate, .burst = burst };
}

__u64 pace_wait(const struct pace *pace, __u64 now)
{
	__u64 room = pace->interval * (pace->burst - 1);

	return pace->full > now + room ? pace->full - now - room : 0;
}

void pace_take(struct pace *pace, __u64 now)
{
	pace->full = (pace->full > now ? pace->full : now) + pace->interval;
}
