// SPDX-License-Identifier: GPL-2.0-or-later
#include "lock.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define AGAIN_NS 20000000L

static int open_lock(int root, struct ramswap_problem *problem)
{
	int fd;

	if (mkdirat(root, STATE_FOLDER, 0755) && errno != EEXIST) {
		fd = -errno;
		snprintf(problem->text, sizeof(problem->text), "/%s: %s", STATE_FOLDER, strerror(-fd));
		return fd;
	}
	fd = openat(root, STATE_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0)
		return fd;
	fd = -errno;
	snprintf(problem->text, sizeof(problem->text), "/%s: %s", STATE_LOCK, strerror(-fd));
	return fd;
}

static int try_for(int fd, double seconds)
{
	const struct timespec pause = { 0, AGAIN_NS };

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (seconds <= 0)
			return -EAGAIN;
		nanosleep(&pause, NULL);
		seconds -= (double)AGAIN_NS / 1e9;
	}
	return 0;
}

/* So that who waits can say for whom. */
static void sign(int fd)
{
	if (ftruncate(fd, 0) || dprintf(fd, "%ld\n", (long)getpid()) < 0)
		return;
}

static void name_other(int fd, struct ramswap_problem *problem)
{
	char text[16] = "";
	ssize_t got = pread(fd, text, sizeof(text) - 1, 0);

	text[got > 0 ? (size_t)got : 0] = 0;
	text[strspn(text, "0123456789")] = 0;
	if (*text)
		snprintf(problem->text, sizeof(problem->text),
			"process %s of ramswap is at work on this machine: try again when it is done", text);
	else
		snprintf(problem->text, sizeof(problem->text),
			"another ramswap is at work on this machine: try again when it is done");
}

int state_lock(int root, double seconds, struct ramswap_problem *problem)
{
	int fd = open_lock(root, problem), err;

	if (fd < 0)
		return fd;
	err = try_for(fd, seconds);
	if (!err) {
		sign(fd);
		return fd;
	}
	if (err == -EAGAIN)
		name_other(fd, problem);
	else
		snprintf(problem->text, sizeof(problem->text), "/%s: %s", STATE_LOCK, strerror(-err));
	close(fd);
	return err;
}
