// SPDX-License-Identifier: GPL-2.0-or-later
#include "tell.h"
#include <errno.h>
#include <limits.h>
#include <linux/blkpg.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <time.h>
#include "../../lib/time/clock.h"

enum { FIRST_PAUSE_MS = 20, LONGEST_PAUSE_MS = 500 };

struct pauses {
	__u64 end; /* milliseconds on the monotonic clock */
	unsigned int next; /* milliseconds */
};

static struct pauses begin_pauses(unsigned int timeout_ms)
{
	return (struct pauses){ .end = clock_now() / CLOCK_MILLISECOND + timeout_ms, .next = FIRST_PAUSE_MS };
}

/* False: the time is over. */
static bool pause_once(struct pauses *pauses)
{
	__u64 now = clock_now() / CLOCK_MILLISECOND, pause = pauses->next;

	if (now >= pauses->end)
		return false;
	if (pause > pauses->end - now)
		pause = pauses->end - now;
	nanosleep(&(struct timespec){ .tv_sec = (time_t)(pause / 1000), .tv_nsec = (long)(pause % 1000) * 1000000 },
		NULL);
	if (pauses->next < LONGEST_PAUSE_MS)
		pauses->next *= 2;
	return true;
}

/* What is still to be done. */
struct pending {
	bool is_done[2 * PTCHECK_PARTITIONS_MAX]; /* or given up */
	size_t removals; /* those that are busy */
};

/* Tries each that is pending once: 0, or why nothing is allowed. */
static int try_all(struct pending *pending, const struct plan *plan, const struct tell_calls *calls)
{
	pending->removals = 0;
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_action *action = &plan->actions[i];
		int err;

		if (pending->is_done[i])
			continue;
		err = calls->apply(calls->context, action);
		if (err == -EACCES || err == -EPERM)
			return err;
		if (err == -EBUSY) {
			pending->removals += action->kind == PLAN_REMOVE;
			continue;
		}
		calls->report(calls->context, action, err);
		pending->is_done[i] = true;
	}
	return 0;
}

static void give_up(const struct pending *pending, const struct plan *plan, const struct tell_calls *calls)
{
	for (size_t i = 0; i < plan->count; i++)
		if (!pending->is_done[i])
			calls->report(calls->context, &plan->actions[i], -EBUSY);
}

int tell_all(const struct plan *plan, unsigned int timeout_ms, const struct tell_calls *calls)
{
	struct pauses pauses = begin_pauses(timeout_ms);
	struct pending pending = { .removals = 0 };
	int err;

	/* What overlaps stays in the way, but one that is in use may be released. */
	do
		err = try_all(&pending, plan, calls);
	while (!err && pending.removals && pause_once(&pauses));
	if (!err)
		give_up(&pending, plan, calls);
	return err;
}

static int operation_of(enum plan_kind kind)
{
	switch (kind) {
	case PLAN_REMOVE:
		return BLKPG_DEL_PARTITION;
	case PLAN_RESIZE:
		return BLKPG_RESIZE_PARTITION;
	default:
		return BLKPG_ADD_PARTITION;
	}
}

int tell_kernel(int fd, const struct plan_action *action)
{
	const struct kernel_partition *partition = &action->partition;
	struct blkpg_partition told = { .pno = (int)partition->number };
	struct blkpg_ioctl_arg argument = {
		.op = operation_of(action->kind), .datalen = sizeof(told), .data = &told };

	if (partition->number > INT_MAX || partition->start > LLONG_MAX || partition->size > LLONG_MAX)
		return -EINVAL;
	told.start = (long long)partition->start;
	told.length = (long long)partition->size;
	if (!ioctl(fd, BLKPG, &argument))
		return 0;
	return errno == ENXIO && action->kind == PLAN_REMOVE ? 0 : -errno;
}

int tell_lock(int fd, unsigned int timeout_ms)
{
	struct pauses pauses = begin_pauses(timeout_ms);
	int err = 0;

	do
		err = flock(fd, LOCK_EX | LOCK_NB) ? -errno : 0;
	while ((err == -EWOULDBLOCK || err == -EINTR) && pause_once(&pauses));
	return err;
}
