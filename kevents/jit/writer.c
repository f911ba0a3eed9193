// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "writer.h"

/*
 * The link's own mode says what the descriptor was opened for. The name is compared first: to ask
 * the file itself may mean to ask a server.
 */
static bool is_open_for_writing(
	int folder, const char *number, const struct stat *file, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(folder, number, target, sizeof(target) - 1);
	const char *last;
	struct stat link, opened;

	if (length <= 0)
		return false;
	target[length] = 0;
	last = strrchr(target, '/');
	return last && !strcmp(last + 1, name) &&
	       !fstatat(folder, number, &link, AT_SYMLINK_NOFOLLOW) && link.st_mode & S_IWUSR &&
	       !fstatat(folder, number, &opened, 0) && opened.st_dev == file->st_dev &&
	       opened.st_ino == file->st_ino;
}

bool process_holds_for_writing(int32_t pid, int file, const char *name)
{
	const struct dirent *entry;
	struct stat status;
	bool is_held = false;
	char path[64];
	DIR *folder;

	if (fstat(file, &status))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	folder = opendir(path);
	while (folder && !is_held && (entry = readdir(folder)))
		is_held = is_open_for_writing(dirfd(folder), entry->d_name, &status, name);
	if (folder)
		closedir(folder);
	return is_held;
}
