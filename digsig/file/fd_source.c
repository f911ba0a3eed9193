// SPDX-License-Identifier: GPL-2.0-or-later
#include "fd_source.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

int read_exactly(int fd, void *buffer, size_t size, off_t offset)
{
	char *at = buffer;

	while (size) {
		ssize_t got = pread(fd, at, size, offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return -EIO; /* the file shrank under our hands */
		at += got;
		offset += got;
		size -= (size_t)got;
	}
	return 0;
}

static int read_fd(void *context, void *buffer, size_t size, __u64 offset)
{
	const int *fd = context;

	return read_exactly(*fd, buffer, size, (off_t)offset);
}

struct elf_source fd_source(const int *fd, __u64 size)
{
	return (struct elf_source){ .read = read_fd, .context = (void *)fd, .size = size };
}

int fd_source_open(struct elf_source *source, const int *fd)
{
	struct stat st;

	if (fstat(*fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	*source = fd_source(fd, (__u64)st.st_size);
	return 0;
}
