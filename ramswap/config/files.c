// SPDX-License-Identifier: GPL-2.0-or-later
#include "files.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "lines.h"

int config_open(int root, const char *path, int flags)
{
	struct open_how how = { .flags = (__u64)(flags | O_CLOEXEC), .resolve = RESOLVE_IN_ROOT };
	int fd;

	path += strspn(path, "/");
	fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	/* An older kernel, or a filter that does not know the call. Links then lead where they lead. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(root, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

bool config_is_masked(int root, const char *path)
{
	char target[sizeof("/dev/null")];
	int fd = config_open(root, path, O_PATH | O_NOFOLLOW);
	ssize_t length;

	if (fd < 0)
		return false;
	length = readlinkat(fd, "", target, sizeof(target));
	close(fd);
	return length == sizeof(target) - 1 && !memcmp(target, "/dev/null", sizeof(target) - 1);
}

bool config_is_there(int root, const char *path)
{
	int fd = config_is_masked(root, path) ? -ENOENT : config_open(root, path, O_PATH);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Up to size bytes; how many there were, or a negative errno. */
static ssize_t read_up_to(int fd, char *bytes, size_t size)
{
	size_t used = 0;
	ssize_t got;

	do {
		got = read(fd, bytes + used, size - used);
		if (got > 0)
			used += (size_t)got;
	} while ((got > 0 && used < size) || (got < 0 && errno == EINTR));
	return got < 0 ? -errno : (ssize_t)used;
}

int config_read_short(int root, const char *path, char *text, size_t size)
{
	int fd = config_open(root, path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	ssize_t got;

	if (fd < 0)
		return fd;
	got = read_up_to(fd, text, size);
	close(fd);
	if (got < 0)
		return (int)got;
	if ((size_t)got == size)
		return -EFBIG;
	text[got] = 0;
	return 0;
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
	ssize_t got;

	if (err)
		return err;
	text->bytes = malloc(most + 2);
	if (!text->bytes)
		return config_fail(problem, -ENOMEM, "%.300s: %s", name, strerror(ENOMEM));
	got = read_up_to(fd, text->bytes, most + 1);
	if (got < 0)
		return config_fail(problem, (int)got, "%.300s: %s", name, strerror((int)-got));
	if ((size_t)got > most)
		return config_fail(problem, -EINVAL, "%.300s: larger than %zu KiB: not a configuration", name,
			most / 1024);
	text->bytes[got] = 0;
	text->size = (size_t)got;
	return 0;
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
