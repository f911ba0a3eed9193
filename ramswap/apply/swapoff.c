// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swapoff(2) reads every page back, which may take long or more memory than there is. So a child does it: a signal
 * makes the kernel put the device back into use as it was, and if memory runs out it is the one that the kernel kills.
 * Memory that runs out after the signal ends it, too: who is about to die gets no more.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "internal.h"

/* A fast machine reads back some 2 GiB a second. */
enum { LOOK_MS = 20 };

#define SAY_AFTER CLOCK_SECOND

/* Only SIGKILL stops it: a key on the terminal, which goes to all of its programs, is for the parent. */
static __attribute__((noreturn)) void swap_off(int root, pid_t parent, const char *path)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EINTR);
	apply_write(root, "proc/self/oom_score_adj", "1000");
	apply_group_enter(root);
	_exit(swapoff(path) ? errno : 0);
}

struct watch {
	int root;
	const char *device;
	const struct apply_bounds *bounds;
	const struct apply_watcher *watcher;
	__u64 begun; /* bytes that were in it */
	__u64 most; /* that come back once it is told to stop */
	__u64 left; /* of memory and other swap, when it stopped for that */
};

static bool tell_progress(const struct watch *watch, __u64 used)
{
	const struct apply_watcher *watcher = watch->watcher;

	return !watcher->progress || watcher->progress(watcher->context, watch->device,
					     watch->begun > used ? watch->begun - used : 0, watch->begun);
}

/*
 * The kernel stops between two programs alone, so all that is left has to have room, or at least that of one program. It
 * is the same in the end where all has room.
 */
static bool has_room(const struct watch *watch, const struct apply_room *room)
{
	__u64 next = room->used < watch->most ? room->used : watch->most;

	return !room->used || watch->left >= watch->bounds->least + next;
}

/* 0: go on; or why it stops. */
static int judge(struct watch *watch, const struct ramswap_facts *facts, bool *goes)
{
	struct apply_room room;

	for (size_t i = 0; i < facts->swap_count; i++)
		goes[i] = !facts->swaps[i].is_file && !strcmp(facts->swaps[i].device, watch->device);
	apply_room_of(facts, goes, &room);
	watch->left = room.available + room.other_free;
	if (!has_room(watch, &room))
		return -ENOMEM;
	return !tell_progress(watch, room.used) && watch->bounds->can_stop ? -ECANCELED : 0;
}

/* What cannot be read now may be read the next time. */
static int look(struct watch *watch)
{
	struct ramswap_problem problem;
	struct ramswap_facts *facts;
	bool *goes;
	int err = 0;

	if (clock_now() > watch->bounds->end)
		return -ETIMEDOUT;
	if (ramswap_facts_read_some(watch->root, 0, &facts, &problem))
		return 0;
	goes = calloc(facts->swap_count + 1, sizeof(*goes));
	if (goes)
		err = judge(watch, facts, goes);
	free(goes);
	ramswap_facts_free(facts);
	return err;
}

/* The kernel looks for signals between the pages of two programs alone: those of a large one all come back first. */
static void say_waiting(const struct watch *watch)
{
	apply_note(watch->watcher,
		"%s: swapoff is to stop, which the kernel lets it do when the program whose pages it reads has them all",
		watch->device);
}

/* 0: the child has ended; or why it was stopped. */
static int watch_child(pid_t child, struct watch *watch)
{
	struct pollfd end = { (int)syscall(SYS_pidfd_open, child, 0), POLLIN, 0 };
	__u64 since = 0; /* clock_now; 0: not yet */
	int why = 0;

	if (end.fd < 0) {
		why = -errno;
		kill(child, SIGKILL);
		return why;
	}
	while (poll(&end, 1, LOOK_MS) <= 0) {
		int err = look(watch);

		if (err && !why) {
			why = err;
			since = clock_now();
			kill(child, SIGKILL);
		} else if (since && clock_now() - since > SAY_AFTER) {
			say_waiting(watch);
			since = 0;
		}
	}
	close(end.fd);
	return why;
}

static int stopped(const struct watch *watch, int err, struct ramswap_problem *problem)
{
	if (err == -ETIMEDOUT)
		return apply_fail(problem, err,
			"%s: swapoff took too long and was stopped: the device is in use as before", watch->device);
	if (err == -ENOMEM)
		return apply_fail(problem, err,
			"%s: swapoff was stopped before memory ran out, of which %llu MiB with other swap were left: the "
			"device is in use as before",
			watch->device, (unsigned long long)(watch->left >> 20));
	if (err == -ECANCELED)
		return apply_fail(problem, err, "%s: interrupted: the device is in use as before", watch->device);
	return apply_fail(problem, err, "%s: swapoff could not be watched: %s", watch->device, strerror(-err));
}

/* What the child's end says, if the device is on still. */
static int failed(const char *device, int status, struct ramswap_problem *problem)
{
	int err = WIFEXITED(status) ? -WEXITSTATUS(status) : -ENOMEM;

	if (WIFSIGNALED(status))
		return apply_fail(problem, err,
			"%s: the kernel was out of memory and killed swapoff: the device is in use as before", device);
	if (err == -ENOMEM)
		return apply_fail(problem, err,
			"%s: the kernel has no room for what is in it: the device is in use as before", device);
	return apply_fail(problem, err ? err : -EIO, "swap off %s: %s", device, strerror(err ? -err : EIO));
}

static int run_child(struct watch *watch, const char *path, struct ramswap_problem *problem)
{
	pid_t parent = getpid(), child = fork();
	struct apply_swap swap;
	int status = 0, err;

	if (child < 0)
		return apply_fail(problem, -errno, "swap off %s: %s", watch->device, strerror(errno));
	if (!child)
		swap_off(watch->root, parent, path);
	err = watch_child(child, watch);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	apply_group_remove(watch->root);
	/* It may have been done just before it was stopped. */
	if (!apply_swap_find(watch->root, watch->device, &swap) && !swap.is_on)
		return 0;
	return err ? stopped(watch, err, problem) : failed(watch->device, status, problem);
}

int apply_swapoff(int root, const char *device, const struct apply_bounds *bounds, const struct apply_watcher *watcher,
	struct ramswap_problem *problem)
{
	struct watch watch = { root, device, bounds, watcher, 0, 0, 0 };
	char path[RAMSWAP_NAME_MAX + 16];
	struct apply_swap swap;
	int err = apply_swap_find(root, device, &swap);

	if (err)
		return apply_fail(problem, err, "/proc/swaps: %s", strerror(-err));
	if (!swap.is_on)
		return 0;
	watch.begun = swap.used;
	watch.most = bounds->least ? apply_swapped_most(root, swap.used) : 0;
	/* Once it has begun with a program, it is too late for that one. */
	err = look(&watch);
	if (err)
		return stopped(&watch, err, problem);
	snprintf(path, sizeof(path), "/dev/%s", device);
	return run_child(&watch, path, problem);
}
