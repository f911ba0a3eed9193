// SPDX-License-Identifier: GPL-2.0-or-later
#include "fd_source.h"
#include <errno.h>
#include <string.h>
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

/* Half of the window lies before the offset: tables of names stand before those that refer to them. */
static int move_window(struct fd_window *window, __u64 offset)
{
	__u64 left;
	int err;

	window->offset = offset > FD_WINDOW_SIZE / 2 ? offset - FD_WINDOW_SIZE / 2 : 0;
	left = window->file_size - window->offset;
	window->size = left < FD_WINDOW_SIZE ? (size_t)left : FD_WINDOW_SIZE;
	err = read_exactly(window->fd, window->bytes, window->size, (off_t)window->offset);
	if (err)
		window->size = 0;
	return err;
}

static bool window_holds(const struct fd_window *window, size_t size, __u64 offset)
{
	return offset >= window->offset && offset - window->offset <= window->size &&
		size <= window->size - (size_t)(offset - window->offset);
}

static int read_fd(void *context, void *buffer, size_t size, __u64 offset)
{
	struct fd_window *window = context;
	int err;

	if (size > FD_WINDOW_SIZE / 2 || offset > window->file_size ||
		size > window->file_size - offset)
		return read_exactly(window->fd, buffer, size, (off_t)offset);
	if (!window_holds(window, size, offset)) {
		err = move_window(window, offset);
		if (err)
			return err;
	}
	memcpy(buffer, window->bytes + (offset - window->offset), size);
	return 0;
}

struct elf_source fd_source(struct fd_window *window, int fd, __u64 size)
{
	window->fd = fd;
	window->file_size = size;
	window->size = 0;
	window->offset = 0;
	return (struct elf_source){ .read = read_fd, .context = window, .size = size };
}

int fd_source_open(struct elf_source *source, struct fd_window *window, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	*source = fd_source(window, fd, (__u64)st.st_size);
	return 0;
}
