/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells the kernel about partitions, one after the other: ioctl BLKPG. Never BLKRRPART, which needs all unused. */
#ifndef PTCHECK_TELL_H
#define PTCHECK_TELL_H

#include "plan.h"

/* How each action is done, and what becomes of it. */
struct tell_calls {
	/* 0 or a negative errno; -EBUSY: it may be tried again. */
	int (*apply)(void *context, const struct plan_action *action);
	/* It was done, err 0, or was given up. */
	void (*report)(void *context, const struct plan_action *action, int err);
	void *context; /* for both */
};

/*
 * Does what was planned, in its order; what fails is reported, and what follows is done nevertheless. While a
 * partition that is to be removed is busy, all that is busy is tried again, with pauses that grow, until
 * timeout_ms milliseconds have passed in all, 0: not at all. udev, for one, has each new partition open for a
 * while.
 *
 * 0: all was reported; -EACCES or -EPERM: the kernel allows nothing of that: what follows is neither done nor
 * reported.
 */
int tell_all(const struct plan *plan, unsigned int timeout_ms, const struct tell_calls *calls);

/*
 * Does one action. fd: the disk, open in any way; the caller needs CAP_SYS_ADMIN. 0, for a partition to be
 * removed that is not there too; -EBUSY: it is in use, or plan_obstacle says what is in the way; -EINVAL: it is
 * not within the disk, is not whole logical sectors, or the disk cannot have partitions; -EACCES: not allowed;
 * or another negative errno of ioctl(2).
 */
int tell_kernel(int fd, const struct plan_action *action);

/*
 * Locks the disk until fd is closed, as sfdisk --lock does and udev heeds: see "Locking Block Device Access" of
 * systemd.io. Waits for timeout_ms milliseconds at most. 0; -EWOULDBLOCK: somebody else still has the lock; or
 * another negative errno of flock(2).
 */
int tell_lock(int fd, unsigned int timeout_ms);

#endif
