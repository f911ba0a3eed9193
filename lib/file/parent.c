// SPDX-License-Identifier: GPL-2.0-or-later
#include "parent.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int parent_open(const char *path)
{
	char *copy;
	int fd;

	/* Whatever its directory is called, there is no such file. */
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	free(copy);
	return fd;
}
