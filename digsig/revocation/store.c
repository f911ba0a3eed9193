// SPDX-License-Identifier: GPL-2.0-or-later
#include "store.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/write_whole.h"

static int read_list(const char *path, char **text, struct revocations *list,
	struct revocation_problem *problem)
{
	char *copy;
	int err;

	*list = (struct revocations){ 0 };
	err = list_read(path, text, problem);
	if (err || !*text)
		return err;
	copy = strdup(*text);
	if (!copy)
		return list_fail(problem, -ENOMEM, "%.400s: %s", path, strerror(ENOMEM));
	err = list_parse(path, copy, list, problem);
	free(copy);
	if (err)
		revocations_free(list);
	return err;
}

int revocation_store_read(
	const char *path, struct revocations *list, struct revocation_problem *problem)
{
	char *text;
	int err = read_list(path, &text, list, problem);

	free(text);
	return err;
}

/* The folder is the lock: two commands add one after the other. */
static int lock_folder(const char *path, struct revocation_problem *problem)
{
	char copy[PATH_MAX];
	const char *folder;
	int fd;

	if (strlen(path) >= sizeof(copy))
		return list_fail(problem, -ENAMETOOLONG, "%.400s: %s", path, strerror(ENAMETOOLONG));
	strcpy(copy, path);
	folder = dirname(copy);
	if (mkdir(folder, 0755) && errno != EEXIST)
		return list_fail(problem, -errno, "%.400s: %s", folder, strerror(errno));
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX)) {
		list_fail(problem, -errno, "%.400s: %s", folder, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -EIO;
	}
	return fd;
}

/* The old text, and a line for each that is new behind it. */
static int write_new(const char *path, const char *text, struct revocations *list,
	const struct revocations *more, struct revocation_problem *problem)
{
	size_t length = text ? strlen(text) : 0, size = length + 1;
	char *grown = malloc(size + (more->count + 2) * REVOCATION_LINE_MAX);
	int added = 0, err = grown ? 0 : -ENOMEM;
	bool is_newer = more->sequence > list->sequence;

	if (grown) {
		memcpy(grown, text ? text : "", length);
		if (length && grown[length - 1] != '\n')
			grown[length++] = '\n';
	}
	for (size_t i = 0; !err && i < more->count; i++) {
		int is_new = revocations_add(list, &more->entries[i]);

		err = is_new < 0 ? is_new : 0;
		if (is_new <= 0)
			continue;
		revocation_print(&more->entries[i], grown + length);
		length += strlen(grown + length);
		grown[length++] = '\n';
		added++;
	}
	if (!err && is_newer)
		length += (size_t)sprintf(grown + length, "sequence %llu\n",
			(unsigned long long)more->sequence);
	if (!err && (added || is_newer))
		err = file_write_whole(path, grown, length);
	free(grown);
	if (err)
		return list_fail(problem, err, "%.400s: %s", path, strerror(-err));
	return added;
}

int revocation_store_add(
	const char *path, const struct revocations *more, struct revocation_problem *problem)
{
	struct revocations list;
	int lock = lock_folder(path, problem), err;
	char *text;

	if (lock < 0)
		return lock;
	err = read_list(path, &text, &list, problem);
	if (!err && more->sequence && more->sequence < list.sequence)
		err = list_fail(problem, -ESTALE,
			"the list is older, sequence %llu, than one that was taken before, %llu",
			(unsigned long long)more->sequence, (unsigned long long)list.sequence);
	if (!err)
		err = write_new(path, text, &list, more, problem);
	revocations_free(&list);
	free(text);
	close(lock);
	return err;
}
