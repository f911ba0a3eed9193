/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long to wait between attempts: twice as long each time, and spread by chance, so that thousands that lost the same
 * server do not come back to it in the same moment.
 */
#ifndef KERNKIT_TIME_BACKOFF_H
#define KERNKIT_TIME_BACKOFF_H

#include <stdlib.h>
#include <linux/types.h>
#include "clock.h"

/* In milliseconds; least is not 0. The first wait is of least/2 to least, none is longer than most. */
struct backoff {
	__u32 least, most;
	__u32 delay; /* of the last one; 0: there was none */
};

static inline void backoff_reset(struct backoff *backoff)
{
	backoff->delay = 0;
}

/* The next wait: between the half and the whole of what has grown. */
static inline __u32 backoff_next(struct backoff *backoff)
{
	backoff->delay = (__u32)clock_back_off(backoff->delay, backoff->least, backoff->most);
	return backoff->delay - arc4random_uniform(backoff->delay / 2 + 1);
}

#endif
