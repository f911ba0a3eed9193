// SPDX-License-Identifier: GPL-2.0-or-later
#include "file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../../lib/file/value.h"
#include "../../lib/file/write_whole.h"

static int fail(struct ramswap_problem *problem, int err, const char *path)
{
	snprintf(problem->text, sizeof(problem->text), "/%.256s: %s", path, strerror(-err));
	return err;
}

int upkeep_file_read(int root, const char *path, size_t most, char **text, size_t *size,
	struct ramswap_problem *problem)
{
	int err = file_read_below(root, path, most, text, size);

	return err && err != -ENOENT ? fail(problem, err, path) : err;
}

/* "var/lib/ramswap": those of its folders that are missing. */
static int make_folders(int root, const char *folder)
{
	char path[256];

	for (const char *end = strchrnul(folder, '/');; end = strchrnul(end + 1, '/')) {
		snprintf(path, sizeof(path), "%.*s", (int)(end - folder), folder);
		if (mkdirat(root, path, 0755) && errno != EEXIST)
			return -errno;
		if (!*end)
			return 0;
	}
}

int upkeep_file_write(int root, const char *folder, const char *path, const char *text,
	struct ramswap_problem *problem)
{
	char name[64];
	const char *last = strrchr(path, '/') + 1;
	int err = make_folders(root, folder), below;

	below = err ? err : file_open_below(root, folder, O_RDONLY | O_DIRECTORY);
	if (below < 0)
		return fail(problem, below, folder);
	/* The folder is open: what leads to it may change meanwhile. */
	snprintf(name, sizeof(name), "/proc/self/fd/%d/%.32s", below, last);
	err = file_write_whole(name, text, strlen(text));
	close(below);
	return err ? fail(problem, err, path) : 0;
}

int upkeep_put(int folder, const char *attribute, const char *text)
{
	int err;

	do {
		int fd = openat(folder, attribute, O_WRONLY | O_CLOEXEC | O_NOCTTY);

		err = fd < 0 ? -errno : value_write(fd, text);
	} while (err == -EINTR);
	return err;
}
