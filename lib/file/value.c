// SPDX-License-Identifier: GPL-2.0-or-later
#include "value.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

int value_read(int fd, char *value, size_t room)
{
	ssize_t size;
	int err;

	*value = '\0';
	if (fd < 0)
		return fd;
	size = read(fd, value, room - 1);
	err = size < 0 ? -errno : 0;
	close(fd);
	value[size < 0 ? 0 : size] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return err;
}

int value_write(int fd, const char *value)
{
	size_t size = strlen(value);
	ssize_t put;
	int err;

	if (fd < 0)
		return fd;
	put = write(fd, value, size);
	err = put < 0 ? -errno : (size_t)put < size ? -EIO : 0;
	if (close(fd) && !err)
		err = -errno;
	return err;
}
