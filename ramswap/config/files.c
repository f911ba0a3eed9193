// SPDX-License-Identifier: GPL-2.0-or-later
#include "files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "lines.h"

bool config_is_masked(int root, const char *path)
{
	char target[sizeof("/dev/null")];
	int fd = file_open_below(root, path, O_PATH | O_NOFOLLOW);
	ssize_t length;

	if (fd < 0)
		return false;
	length = readlinkat(fd, "", target, sizeof(target));
	close(fd);
	return length == sizeof(target) - 1 && !memcmp(target, "/dev/null", sizeof(target) - 1);
}

bool config_is_there(int root, const char *path)
{
	int fd = config_is_masked(root, path) ? -ENOENT : file_open_below(root, path, O_PATH);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int check_file(int fd, const char *name, struct ramswap_problem *problem)
{
	struct stat st;

	if (fstat(fd, &st))
		return config_fail(problem, -errno, "%.300s: %s", name, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return config_fail(problem, -EINVAL, "%.300s: not a regular file", name);
	/* Whoever can write it decides which disk is written to. */
	if (st.st_mode & S_IWOTH)
		return config_fail(problem, -EINVAL, "%.300s: everybody may write it: chmod o-w", name);
	return 0;
}

static int read_checked(int fd, const char *name, size_t most, struct config_text *text,
	struct ramswap_problem *problem)
{
	int err = check_file(fd, name, problem);
	size_t room = 0;

	if (err)
		return err;
	err = file_read_open(fd, most, &text->bytes, &room, &text->size);
	if (err == -EFBIG)
		return config_fail(problem, -EINVAL, "%.300s: larger than %zu KiB: not a configuration", name,
			most / 1024);
	return err ? config_fail(problem, err, "%.300s: %s", name, strerror(-err)) : 0;
}

int config_read_text(int fd, const char *name, size_t most, struct config_text *text,
	struct ramswap_problem *problem)
{
	int err;

	*text = (struct config_text){ 0 };
	err = read_checked(fd, name, most, text, problem);
	close(fd);
	if (err) {
		free(text->bytes);
		text->bytes = NULL;
	}
	return err;
}
