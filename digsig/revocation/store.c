// SPDX-License-Identifier: GPL-2.0-or-later
#include "store.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../file/fd_source.h"
#include "../file/write_whole.h"

static int fail(struct revocation_problem *problem, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(struct revocation_problem *problem, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	return err;
}

static int parse(const char *path, char *text, struct revocations *list,
	struct revocation_problem *problem)
{
	char *rest = text, *line;

	for (unsigned int number = 1; (line = strsep(&rest, "\n")); number++) {
		struct digsig_revocation entry;
		const char *wrong;
		int err = revocation_parse(line, &entry, &wrong);

		if (err < 0)
			return fail(problem, err, "%.400s:%u: %s", path, number, wrong);
		err = err ? 0 : revocations_add(list, &entry);
		if (err == -ENOSPC)
			return fail(problem, err, "%.400s:%u: more than %d revocations", path, number,
				DIGSIG_REVOKED_MAX);
		if (err < 0)
			return fail(problem, err, "%.400s: %s", path, strerror(-err));
	}
	return 0;
}

/* The whole file as a string, to be freed; NULL and *err 0: there is none. */
static char *read_text(const char *path, int *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *text = NULL;
	struct stat st;

	*err = fd < 0 && errno != ENOENT ? -errno : 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st))
		*err = -errno;
	else if (!S_ISREG(st.st_mode))
		*err = -EINVAL;
	else if ((size_t)st.st_size > REVOCATION_STORE_SIZE_MAX)
		*err = -EFBIG;
	else if (!(text = calloc((size_t)st.st_size + 1, 1)))
		*err = -ENOMEM;
	else
		*err = read_exactly(fd, text, (size_t)st.st_size, 0);
	/* A NUL would end the text early, and with it what is revoked. */
	if (!*err && text && strlen(text) != (size_t)st.st_size)
		*err = -EINVAL;
	close(fd);
	if (*err) {
		free(text);
		text = NULL;
	}
	return text;
}

static int read_list(const char *path, char **text, struct revocations *list,
	struct revocation_problem *problem)
{
	char *copy;
	int err;

	*list = (struct revocations){ 0 };
	*text = read_text(path, &err);
	if (err == -EINVAL)
		return fail(problem, err, "%.400s: not a text file", path);
	if (err)
		return fail(problem, err, "%.400s: %s", path, strerror(-err));
	if (!*text)
		return 0;
	copy = strdup(*text);
	if (!copy)
		return fail(problem, -ENOMEM, "%.400s: %s", path, strerror(ENOMEM));
	err = parse(path, copy, list, problem);
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
		return fail(problem, -ENAMETOOLONG, "%.400s: %s", path, strerror(ENAMETOOLONG));
	strcpy(copy, path);
	folder = dirname(copy);
	if (mkdir(folder, 0755) && errno != EEXIST)
		return fail(problem, -errno, "%.400s: %s", folder, strerror(errno));
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX)) {
		fail(problem, -errno, "%.400s: %s", folder, strerror(errno));
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
	char *grown = malloc(size + (more->count + 1) * REVOCATION_LINE_MAX);
	int added = 0, err = grown ? 0 : -ENOMEM;

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
	if (!err && added)
		err = file_write_whole(path, grown, length);
	free(grown);
	if (err)
		return fail(problem, err, "%.400s: %s", path, strerror(-err));
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
	if (!err)
		err = write_new(path, text, &list, more, problem);
	revocations_free(&list);
	free(text);
	close(lock);
	return err;
}
