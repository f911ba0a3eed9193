// SPDX-License-Identifier: GPL-2.0-or-later
#include "wait.h"
#include <errno.h>
#include <poll.h>
#include "../../lib/time/clock.h"

int waiter_wait(const struct waiter *waiter, int fd, short events, unsigned long long deadline)
{
	struct pollfd wait = { .fd = fd, .events = events };
	int count;

	if (waiter->wait)
		return waiter->wait(waiter->context, fd, events, deadline);
	count = poll(&wait, 1, clock_poll_timeout(deadline));
	if (count < 0)
		return -errno;
	return count ? 0 : -ETIMEDOUT;
}
