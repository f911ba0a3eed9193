// SPDX-License-Identifier: GPL-2.0-or-later
#include "state.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT                                                                                     \
	"pid=%u mode=%u certificates=%u file_systems=%u libraries=%u start=%llu judged=%llu "      \
	"cached=%llu hashed=%llu signatures=%llu denied=%llu lost=%llu\n"

int fanotify_state_open(void)
{
	int fd, err;

	if (mkdir("/run/digsig", 0755) && errno != EEXIST)
		return -errno;
	fd = open(FANOTIFY_STATE_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX | LOCK_NB) && !ftruncate(fd, 0))
		return fd;
	err = errno == EWOULDBLOCK ? -EBUSY : -errno;
	close(fd);
	return err;
}

int fanotify_state_write(int fd, const struct fanotify_state *state)
{
	const struct digsig_counters *decisions = &state->counters.decisions;
	char text[512];
	int size = snprintf(text, sizeof(text), FORMAT, state->pid, state->mode,
		state->certificates, state->file_systems, state->libraries,
		(unsigned long long)state->start_time, (unsigned long long)decisions->judged,
		(unsigned long long)decisions->cached, (unsigned long long)decisions->hashed,
		(unsigned long long)decisions->signature_checks,
		(unsigned long long)decisions->denied,
		(unsigned long long)state->counters.events_lost);

	/* The numbers only grow: what is written covers what was there. */
	return pwrite(fd, text, (size_t)size, 0) == size ? 0 : -EIO;
}

void fanotify_state_close(int fd)
{
	unlink(FANOTIFY_STATE_FILE);
	close(fd);
}

int fanotify_state_read(struct fanotify_state *state)
{
	unsigned long long start, judged, cached, hashed, signatures, denied, lost;
	int fd = open(FANOTIFY_STATE_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), taken;
	char text[512];
	ssize_t size;

	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_SH | LOCK_NB)) {
		close(fd);
		return -ENOENT;
	}
	size = pread(fd, text, sizeof(text) - 1, 0);
	close(fd);
	if (size <= 0)
		return -ENOENT; /* it is just starting */
	text[size] = '\0';
	taken = sscanf(text, FORMAT, &state->pid, &state->mode, &state->certificates,
		&state->file_systems, &state->libraries, &start, &judged, &cached, &hashed,
		&signatures, &denied, &lost);
	if (taken != 12)
		return -EBADMSG;
	state->start_time = start;
	state->counters = (struct fanotify_counters){
		.decisions = { .judged = judged, .cached = cached, .hashed = hashed,
			.signature_checks = signatures, .denied = denied },
		.events_lost = lost };
	return 0;
}
