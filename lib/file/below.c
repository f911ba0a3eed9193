// SPDX-License-Identifier: GPL-2.0-or-later
#include "below.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Someone renames folders on the way again and again. */
enum { TRIES_MAX = 16, ROOM_FIRST = 4096 };

int file_open_below(int folder, const char *path, int flags)
{
	struct open_how how = {
		.flags = (__u64)(flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = -1;

	while (*path == '/')
		path++;
	/* O_PATH takes few others. */
	if (flags & O_PATH)
		how.flags = (__u64)(flags | O_CLOEXEC);
	if (!*path)
		path = ".";
	for (int i = 0; i < TRIES_MAX; i++) {
		fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	/* EPERM: a filter of system calls that does not know it. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(folder, path, (int)how.flags);
	return fd < 0 ? -errno : (int)fd;
}

bool file_exists_below(int folder, const char *path)
{
	int fd = file_open_below(folder, path, O_PATH);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static int make_room(char **text, size_t *room, size_t most)
{
	size_t more = *room ? *room * 2 : ROOM_FIRST;
	char *again;

	if (more > most + 2)
		more = most + 2;
	again = realloc(*text, more);
	if (!again)
		return -ENOMEM;
	*text = again;
	*room = more;
	return 0;
}

int file_read_open(int fd, size_t most, char **text, size_t *room, size_t *size)
{
	size_t length = 0;

	for (;;) {
		ssize_t got;

		if (*room < length + 2 && make_room(text, room, most))
			return -ENOMEM;
		got = read(fd, *text + length, *room - length - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		length += (size_t)got;
		if (length > most)
			return -EFBIG;
		if (!got)
			break;
	}
	(*text)[length] = 0;
	*size = length;
	return 0;
}

int file_read_below(int folder, const char *path, size_t most, char **text, size_t *size)
{
	size_t room = 0;
	int fd = file_open_below(folder, path, O_RDONLY), err;

	*text = NULL;
	if (fd < 0)
		return fd;
	err = file_read_open(fd, most, text, &room, size);
	close(fd);
	if (err) {
		free(*text);
		*text = NULL;
	}
	return err;
}
