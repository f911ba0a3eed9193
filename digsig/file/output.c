// SPDX-License-Identifier: GPL-2.0-or-later
#include "output.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int enter(int directory, const char *name)
{
	int fd;

	if (mkdirat(directory, name, 0777) && errno != EEXIST)
		return -errno;
	fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int output_open(int base, const char *path, struct replacement_name *name)
{
	int directory = fcntl(base, F_DUPFD_CLOEXEC, 0);
	const char *end;

	*name = (struct replacement_name){ .directory = -1 };
	if (directory < 0)
		return -errno;
	for (; (end = strchr(path, '/')); path = end + 1) {
		char component[NAME_MAX + 1];
		int next = -ENAMETOOLONG;

		if (end == path)
			continue;
		if ((size_t)(end - path) < sizeof(component)) {
			snprintf(component, sizeof(component), "%.*s", (int)(end - path), path);
			next = enter(directory, component);
		}
		close(directory);
		if (next < 0)
			return next;
		directory = next;
	}
	if (snprintf(name->name, sizeof(name->name), "%s", path) >= (int)sizeof(name->name)) {
		close(directory);
		return -ENAMETOOLONG;
	}
	name->directory = directory;
	return 0;
}
