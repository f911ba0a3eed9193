// SPDX-License-Identifier: GPL-2.0-or-later
#include "read_small.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int file_read_rest(int fd, char *text, size_t most, size_t *size)
{
	ssize_t got;

	*size = 0;
	do {
		got = read(fd, text + *size, most + 1 - *size);
		if (got > 0)
			*size += (size_t)got;
	} while (*size <= most && (got > 0 || (got < 0 && errno == EINTR)));
	if (got < 0)
		return -errno;
	if (*size > most)
		return -EFBIG;
	text[*size] = '\0';
	return 0;
}

int file_read_small(int directory, const char *path, char *text, size_t most, size_t *size)
{
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), err;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else
		err = S_ISREG(st.st_mode) ? file_read_rest(fd, text, most, size) : -EINVAL;
	close(fd);
	return err;
}
