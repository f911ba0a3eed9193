// SPDX-License-Identifier: GPL-2.0-or-later
#include "write_whole.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sync_directory.h"

int file_write_all(int fd, const void *bytes, size_t size)
{
	const char *rest = bytes;

	while (size) {
		ssize_t put = write(fd, rest, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		rest += put;
		size -= (size_t)put;
	}
	return 0;
}

static int write_into(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY), err;

	if (fd < 0)
		return -errno;
	err = file_write_all(fd, bytes, size);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

/* The process's umask can only be read by setting it. */
static mode_t usual_mode(void)
{
	mode_t mask = umask(022);

	umask(mask);
	return 0666 & ~mask;
}

static int write_temporary(char *temporary, const void *bytes, size_t size)
{
	int fd = mkostemp(temporary, O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = file_write_all(fd, bytes, size);
	if (!err && (fchmod(fd, usual_mode()) || fsync(fd)))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (err)
		unlink(temporary);
	return err;
}

int file_write_whole(const char *path, const void *bytes, size_t size)
{
	char name[PATH_MAX], copy[PATH_MAX], temporary[PATH_MAX];
	const char *folder;
	struct stat st;
	int err;

	if (strlen(path) >= sizeof(name))
		return -ENAMETOOLONG;
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return write_into(path, bytes, size);
	strcpy(name, path);
	strcpy(copy, path);
	folder = dirname(copy);
	if (snprintf(temporary, sizeof(temporary), "%s/.%s.kernkit-XXXXXX", folder, basename(name)) >=
		(int)sizeof(temporary))
		return -ENAMETOOLONG;
	err = write_temporary(temporary, bytes, size);
	if (err)
		return err;
	if (rename(temporary, path)) {
		err = -errno;
		unlink(temporary);
		return err;
	}
	sync_directory_of(path);
	return 0;
}
