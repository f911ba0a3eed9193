// SPDX-License-Identifier: GPL-2.0-or-later
#include "image_file.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_same_file(int fd, const struct kevents_image *image)
{
	struct stat status;

	return !fstat(fd, &status) && status.st_ino == image->inode && S_ISREG(status.st_mode);
}

static int open_path(const char *path, const struct kevents_image *image, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0 && is_same_file(fd, image))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int open_image_file(int32_t pid, const struct kevents_image *image, int flags)
{
	char path[PATH_MAX + 64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", pid,
		(unsigned long long)image->address,
		(unsigned long long)(image->address + image->size));
	fd = open_path(path, image, flags);
	if (fd >= 0)
		return fd;
	snprintf(path, sizeof(path), "/proc/%d/root%s", pid, image->path);
	fd = open_path(path, image, flags);
	return fd >= 0 ? fd : open_path(image->path, image, flags);
}
