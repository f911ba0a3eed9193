// SPDX-License-Identifier: GPL-2.0-or-later
#include "fd_source.h"
#include <errno.h>
#include <stdbool.h>
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
static int move_window(struct fd_windows *windows, unsigned int number, __u64 offset)
{
	struct fd_window *window = &windows->windows[number];
	__u64 left;
	int err;

	window->offset = offset > FD_WINDOW_SIZE / 2 ? offset - FD_WINDOW_SIZE / 2 : 0;
	left = windows->file_size - window->offset;
	window->size = left < FD_WINDOW_SIZE ? (size_t)left : FD_WINDOW_SIZE;
	err = read_exactly(
		windows->fd, windows->bytes[number], window->size, (off_t)window->offset);
	if (err)
		window->size = 0;
	return err;
}

static bool window_holds(const struct fd_window *window, size_t size, __u64 offset)
{
	return offset >= window->offset && offset - window->offset <= window->size &&
		size <= window->size - (size_t)(offset - window->offset);
}

/* NULL: none of them has these bytes. */
static const __u8 *find_bytes(const struct fd_windows *windows, size_t size, __u64 offset)
{
	if (windows->is_whole)
		return windows->bytes[0] + offset;
	for (int i = 0; i < FD_WINDOWS; i++)
		if (window_holds(&windows->windows[i], size, offset))
			return windows->bytes[i] + (offset - windows->windows[i].offset);
	return NULL;
}

static int fetch_bytes(struct fd_windows *windows, __u64 offset)
{
	int err;

	/* Whoever looks at a header alone needs no more than the first window. */
	if (!windows->moves || windows->file_size > sizeof(windows->bytes))
		return move_window(windows, windows->moves++ % FD_WINDOWS, offset);
	err = read_exactly(windows->fd, windows->bytes, (size_t)windows->file_size, 0);
	windows->is_whole = !err;
	/* What was there may be overwritten in part. */
	if (err)
		memset(windows->windows, 0, sizeof(windows->windows));
	return err;
}

static int read_fd(void *context, void *buffer, size_t size, __u64 offset)
{
	struct fd_windows *windows = context;
	const __u8 *bytes;

	if (offset > windows->file_size || size > windows->file_size - offset)
		return read_exactly(windows->fd, buffer, size, (off_t)offset);
	bytes = find_bytes(windows, size, offset);
	if (!bytes) {
		int err = size > FD_WINDOW_SIZE / 2 ? 0 : fetch_bytes(windows, offset);

		if (err)
			return err;
		bytes = find_bytes(windows, size, offset);
	}
	/* Too many for a window. */
	if (!bytes)
		return read_exactly(windows->fd, buffer, size, (off_t)offset);
	memcpy(buffer, bytes, size);
	return 0;
}

struct elf_source fd_source(struct fd_windows *windows, int fd, __u64 size)
{
	windows->fd = fd;
	windows->file_size = size;
	windows->is_whole = false;
	windows->moves = 0;
	memset(windows->windows, 0, sizeof(windows->windows));
	return (struct elf_source){ .read = read_fd, .context = windows, .size = size };
}

int fd_source_open(struct elf_source *source, struct fd_windows *windows, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	*source = fd_source(windows, fd, (__u64)st.st_size);
	return 0;
}
