// SPDX-License-Identifier: GPL-2.0-or-later
#include "folder.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/sync_directory.h"
#include "manifest.h"

static const enum fleet_blob_kind kinds[] = { FLEET_CERTIFICATE, FLEET_CATALOG, FLEET_REVOKED };

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

int fleet_path(char *path, const char *folder, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int make_folder(const char *path)
{
	return mkdir(path, 0700) && errno != EEXIST ? -errno : 0;
}

int fleet_folder_make(const char *store, const char *folder)
{
	char path[PATH_MAX];
	int err = snprintf(path, sizeof(path), "%s", store) < (int)sizeof(path) ? 0 : -ENAMETOOLONG;

	if (!err && mkdir(dirname(path), 0755) && errno != EEXIST)
		err = -errno;
	if (!err)
		err = make_folder(store);
	if (!err)
		err = fleet_path(path, store, "set");
	if (!err)
		err = make_folder(path);
	if (err)
		return err;
	sync_directory_of(store);
	fleet_folder_remove(folder);
	if (mkdir(folder, 0700))
		return -errno;
	for (size_t i = 0; i < KINDS; i++) {
		err = fleet_path(path, folder, fleet_blob_kind_name(kinds[i]));
		if (err)
			return err;
		if (mkdir(path, 0700))
			return -errno;
	}
	return 0;
}

static int sync_names(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = fsync(fd) ? -errno : 0;
	close(fd);
	return err;
}

int fleet_folder_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = fd < 0 ? -errno : 0;

	for (size_t i = 0; !err && i < KINDS; i++)
		err = sync_names(fd, fleet_blob_kind_name(kinds[i]));
	if (!err && fsync(fd))
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

/* The files in a folder; it is closed. */
static void remove_files(int fd)
{
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (!directory) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(directory)))
		if (entry->d_type != DT_DIR)
			unlinkat(dirfd(directory), entry->d_name, 0);
	closedir(directory);
}

void fleet_folder_remove(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return;
	for (size_t i = 0; i < KINDS; i++) {
		const char *name = fleet_blob_kind_name(kinds[i]);

		remove_files(openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
		unlinkat(fd, name, AT_REMOVEDIR);
	}
	remove_files(fd);
	rmdir(folder);
}
