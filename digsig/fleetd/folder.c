// SPDX-License-Identifier: GPL-2.0-or-later
#include "folder.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/read_small.h"
#include "../../lib/file/write_whole.h"

enum { DEPTH_MAX = 4 };

static int write_new(int folder, const char *name, const void *bytes, size_t size)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640), err;

	if (fd < 0)
		return -errno;
	err = file_write_all(fd, bytes, size);
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int folder_write(int folder, const char *name, const void *bytes, size_t size)
{
	char new[NAME_MAX + 1];
	int err;

	if (snprintf(new, sizeof(new), "%s.new", name) >= (int)sizeof(new))
		return -ENAMETOOLONG;
	err = write_new(folder, new, bytes, size);
	if (!err && renameat(folder, new, folder, name))
		err = -errno;
	if (!err && fsync(folder))
		err = -errno;
	if (err)
		unlinkat(folder, new, 0);
	return err;
}

int folder_read(int folder, const char *name, size_t most, char **bytes, size_t *size)
{
	char *text = malloc(most + 1), *fit;
	int err = text ? file_read_small(folder, name, text, most, size) : -ENOMEM;

	if (err) {
		free(text);
		return err;
	}
	fit = realloc(text, *size + 1);
	*bytes = fit ? fit : text;
	return 0;
}

int folder_make(int folder, const char *name)
{
	int fd;

	if (mkdirat(folder, name, 0750) && errno != EEXIST)
		return -errno;
	fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

int folder_visit(int folder, folder_visitor *visit, void *closure)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!entries) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	while (!err && (entry = readdir(entries)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			err = visit(closure, folder, entry->d_name);
	closedir(entries);
	return err;
}

static int remove_to_depth(int folder, const char *name, int depth);

static int remove_entry(void *closure, int folder, const char *name)
{
	const int *depth = closure;

	return remove_to_depth(folder, name, *depth - 1);
}

static int remove_to_depth(int folder, const char *name, int depth)
{
	int below, err;

	if (!unlinkat(folder, name, 0) || errno == ENOENT)
		return 0;
	if ((errno != EISDIR && errno != EPERM) || !depth)
		return -errno;
	below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (below < 0)
		return -errno;
	err = folder_visit(below, remove_entry, &depth);
	close(below);
	if (!err && unlinkat(folder, name, AT_REMOVEDIR))
		err = -errno;
	return err;
}

int folder_remove(int folder, const char *name)
{
	return remove_to_depth(folder, name, DEPTH_MAX);
}
