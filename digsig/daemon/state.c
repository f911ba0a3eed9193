// SPDX-License-Identifier: GPL-2.0-or-later
#include "state.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STATE_VERSION 1

struct daemon_state *daemon_state_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct daemon_state *state;
	int err;

	if (fd < 0)
		return NULL;
	/* Room for all of it, lest a full /run kill us at a store. */
	err = posix_fallocate(fd, 0, sizeof(*state));
	state = err ? MAP_FAILED :
		      mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (!err && state == MAP_FAILED)
		err = errno;
	close(fd);
	if (err) {
		errno = err;
		return NULL;
	}
	if (state->version != STATE_VERSION || state->size != sizeof(*state)) {
		memset(state, 0, sizeof(*state));
		state->size = sizeof(*state);
		state->version = STATE_VERSION;
	}
	repeats_recover(&state->repeats);
	return state;
}
