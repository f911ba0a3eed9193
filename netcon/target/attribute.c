// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "../../lib/file/value.h"
#include "attribute.h"

static int path_of(char *path, const char *folder, const char *name)
{
	int length = snprintf(path, ATTRIBUTE_PATH_MAX, "%s/%s", folder, name);

	return length < ATTRIBUTE_PATH_MAX ? 0 : -ENAMETOOLONG;
}

bool attribute_exists(const char *folder, const char *name)
{
	char path[ATTRIBUTE_PATH_MAX];

	return !path_of(path, folder, name) && !access(path, F_OK);
}

int attribute_read(const char *folder, const char *name, char *value)
{
	char path[ATTRIBUTE_PATH_MAX];
	int err = path_of(path, folder, name), fd;

	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : value_read(fd, value, ATTRIBUTE_VALUE_MAX);
}

int attribute_write(const char *folder, const char *name, const char *value)
{
	char path[ATTRIBUTE_PATH_MAX];
	int err = path_of(path, folder, name), fd;

	if (err)
		return err;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : value_write(fd, value);
}
