// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../../lib/text/number.h"
#include "internal.h"

bool apply_exists(int root, const char *path)
{
	int fd = file_open_below(root, path, O_PATH);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

int apply_read(int root, const char *path, char value[APPLY_VALUE_MAX])
{
	int fd = file_open_below(root, path, O_RDONLY), err = 0;
	ssize_t size;

	if (fd < 0)
		return fd;
	size = read(fd, value, APPLY_VALUE_MAX - 1);
	if (size < 0)
		err = -errno;
	close(fd);
	value[size < 0 ? 0 : (size_t)size] = 0;
	value[strcspn(value, "\n")] = 0;
	return err;
}

int apply_read_number(int root, const char *path, __u64 *number)
{
	char value[APPLY_VALUE_MAX];
	int err = apply_read(root, path, value);

	return err ? err : number_parse(value, 0, ~0ULL, number);
}

/* One write: the kernel takes each for a whole value. */
int apply_write(int root, const char *path, const char *value)
{
	int fd = file_open_below(root, path, O_WRONLY | O_TRUNC), err = 0;
	size_t size = strlen(value);
	ssize_t put;

	if (fd < 0)
		return fd;
	put = write(fd, value, size);
	if (put < 0)
		err = -errno;
	else if ((size_t)put < size)
		err = -EIO;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

/* The kernel's flags are read as words or letters, however they were written. */
static const char *plain(const char *value)
{
	if (!strcmp(value, "Y") || !strcmp(value, "y") || !strcmp(value, "true"))
		return "1";
	if (!strcmp(value, "N") || !strcmp(value, "n") || !strcmp(value, "false"))
		return "0";
	return value;
}

bool apply_is_same_value(const char *one, const char *other)
{
	return !strcmp(plain(one), plain(other));
}
