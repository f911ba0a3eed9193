// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
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
	ssize_t size;

	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	size = read(fd, value, ATTRIBUTE_VALUE_MAX - 1);
	err = size < 0 ? -errno : 0;
	close(fd);
	if (err)
		return err;
	value[size] = 0;
	value[strcspn(value, "\n")] = 0;
	return 0;
}

/* One write: configfs takes each for a whole value. */
int attribute_write(const char *folder, const char *name, const char *value)
{
	char path[ATTRIBUTE_PATH_MAX];
	int err = path_of(path, folder, name), fd;
	size_t size = strlen(value);
	ssize_t put;

	if (err)
		return err;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	put = write(fd, value, size);
	err = put < 0 ? -errno : (size_t)put < size ? -EIO : 0;
	if (close(fd) && !err)
		err = -errno;
	return err;
}
