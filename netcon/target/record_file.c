// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of records. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/read_small.h"
#include "../../lib/file/sync_directory.h"
#include "../../lib/file/write_whole.h"
#include "record.h"

#define SUFFIX ".conf"

static int path_of(char *path, const char *folder, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s" SUFFIX, folder, name) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int record_load(const char *folder, const char *name, in_port_t usual_port, struct record *record,
	struct target_problem *problem)
{
	char path[PATH_MAX], text[RECORD_SIZE_MAX + 1];
	int err = path_of(path, folder, name);
	size_t size = 0;

	if (!err)
		err = file_read_small(AT_FDCWD, path, text, RECORD_SIZE_MAX, &size);
	if (err)
		return target_fail(problem, err, "%.400s/%s" SUFFIX ": %s", folder, name, strerror(-err));
	err = target_record_parse(path, text, size, usual_port, record, problem);
	snprintf(record->name, sizeof(record->name), "%s", name);
	return err;
}

/* The folder, and the one that it is in. */
static int make_folder(const char *folder)
{
	char path[PATH_MAX];
	char *slash;

	if (snprintf(path, sizeof(path), "%s", folder) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	slash = strrchr(path, '/');
	if (slash && slash != path) {
		*slash = 0;
		if (mkdir(path, 0755) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	if (mkdir(path, 0755) && errno != EEXIST)
		return -errno;
	sync_directory_of(path);
	return 0;
}

/* libinih's lines are short, and " ;" begins a comment in them. */
static bool is_kept(const char *text)
{
	struct record record;
	struct target_problem problem;
	char *again;
	bool is_same;

	if (target_record_parse("", text, strlen(text), 0, &record, &problem))
		return false;
	again = record_print(&record);
	is_same = again && !strcmp(again, text);
	free(again);
	return is_same;
}

int record_save(const char *folder, const struct record *record, struct target_problem *problem)
{
	char path[PATH_MAX];
	char *text = record_print(record);
	int err = text ? path_of(path, folder, record->name) : -ENOMEM;

	if (!err && !is_kept(text)) {
		free(text);
		return target_fail(problem, -EINVAL, "it cannot be kept in a file: userdata is too long for it, or has \" ;\"");
	}
	if (!err)
		err = make_folder(folder);
	if (!err)
		err = file_write_whole(path, text, strlen(text));
	free(text);
	if (err)
		target_fail(problem, err, "%.400s/%s" SUFFIX ": it cannot be written: %s", folder, record->name, strerror(-err));
	return err;
}

int record_remove(const char *folder, const char *name, struct target_problem *problem)
{
	char path[PATH_MAX];
	int err = path_of(path, folder, name);

	if (!err && unlink(path))
		err = -errno;
	if (err)
		return target_fail(problem, err, "%.400s/%s" SUFFIX ": it cannot be removed: %s", folder, name, strerror(-err));
	sync_directory_of(path);
	return 0;
}

bool record_exists(const char *folder, const char *name)
{
	char path[PATH_MAX];

	return !path_of(path, folder, name) && !access(path, F_OK);
}

/* "NAME.conf", of a name that a target can have. */
static int is_record(const struct dirent *entry)
{
	char name[TARGET_NAME_MAX + 1];
	size_t length = strlen(entry->d_name), suffix = strlen(SUFFIX);

	if (length <= suffix || length - suffix > TARGET_NAME_MAX || strcmp(entry->d_name + length - suffix, SUFFIX))
		return 0;
	memcpy(name, entry->d_name, length - suffix);
	name[length - suffix] = 0;
	return target_name_is_good(name);
}

int record_names(const char *folder, char ***names, size_t *count)
{
	int err = names_read(folder, is_record, strlen(SUFFIX), names, count);

	return err == -ENOENT ? 0 : err;
}
