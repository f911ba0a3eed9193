/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting while a connection is made. */
#ifndef SCCON_CHANNEL_WAIT_H
#define SCCON_CHANNEL_WAIT_H

/* Who has something else to do meanwhile waits itself. All zero: it is waited for nothing else. */
struct waiter {
	/*
	 * Until events of fd, of poll(2), or the deadline, of CLOCK_MONOTONIC in nanoseconds. 0; -ETIMEDOUT; another negative
	 * errno: the connection is given up.
	 */
	int (*wait)(void *context, int fd, short events, unsigned long long deadline);
	void *context;
};

/* As wait above; -EINTR: a signal came. */
int waiter_wait(const struct waiter *waiter, int fd, short events, unsigned long long deadline);

#endif
