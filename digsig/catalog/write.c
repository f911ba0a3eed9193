// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "build.h"

static int write_all(int fd, const __u8 *bytes, size_t size)
{
	while (size) {
		ssize_t put = write(fd, bytes, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		bytes += put;
		size -= (size_t)put;
	}
	return 0;
}

/* The process's umask can only be read by setting it. */
static mode_t usual_mode(void)
{
	mode_t mask = umask(022);

	umask(mask);
	return 0644 & ~mask;
}

static int write_temporary(char *temporary, const __u8 *bytes, size_t size)
{
	int fd = mkostemp(temporary, O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = write_all(fd, bytes, size);
	if (!err && (fchmod(fd, usual_mode()) || fsync(fd)))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (err)
		unlink(temporary);
	return err;
}

/* So that the new name is still there after a crash; where this is not possible, so be it. */
static void sync_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

int catalog_write(const char *path, const __u8 *bytes, size_t size)
{
	char name[PATH_MAX], folder[PATH_MAX], temporary[PATH_MAX];
	struct stat st;
	int err;

	if (strlen(path) >= sizeof(name))
		return -ENAMETOOLONG;
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	strcpy(name, path);
	strcpy(folder, path);
	if (snprintf(temporary, sizeof(temporary), "%s/.%s.digsig-XXXXXX", dirname(folder),
		    basename(name)) >= (int)sizeof(temporary))
		return -ENAMETOOLONG;
	err = write_temporary(temporary, bytes, size);
	if (err)
		return err;
	if (rename(temporary, path)) {
		err = -errno;
		unlink(temporary);
		return err;
	}
	/* dirname may have changed its argument; it points into it or to ".". */
	strcpy(folder, path);
	sync_directory(dirname(folder));
	return 0;
}
