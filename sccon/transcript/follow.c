// SPDX-License-Identifier: GPL-2.0-or-later
#include "follow.h"
#include <errno.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

int follow_open(int folder)
{
	int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), err;
	char path[32];

	if (descriptor < 0)
		return -errno;
	/* inotify takes paths alone. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", folder);
	if (inotify_add_watch(descriptor, path, IN_MODIFY | IN_CREATE | IN_MOVED_TO) >= 0)
		return descriptor;
	err = -errno;
	close(descriptor);
	return err;
}

void follow_drain(int descriptor)
{
	char events[4096];

	while (read(descriptor, events, sizeof(events)) > 0)
		;
}
