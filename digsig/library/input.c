// SPDX-License-Identifier: GPL-2.0-or-later
#include "input.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

int input_fail(const struct input *input, struct digsig_error *error, int err, const char *text)
{
	return input->path ? library_fail(error, err, "%s: %s", input->path, text)
			   : library_fail(error, err, "%s", text);
}

static int take_fd(struct input *input, int fd, struct digsig_error *error)
{
	int err;

	input->fd = fd;
	err = fd_source_open(&input->source, &input->windows, fd);
	if (err == -EINVAL)
		return input_fail(input, error, err,
			"not a regular file: name files, not directories or devices");
	return err ? input_fail(input, error, err, strerror(-err)) : 0;
}

int input_open(struct input *input, const char *path, struct digsig_error *error)
{
	int fd, err;

	if (!path)
		return library_fail_null(error, "path");
	input->path = path;
	/* O_NONBLOCK: a FIFO must not hang the caller. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return library_fail(
			error, -errno, "%s: cannot be opened: %s", path, strerror(errno));
	err = take_fd(input, fd, error);
	if (err)
		close(fd);
	return err;
}

void input_close(struct input *input)
{
	close(input->fd);
}

int input_from_fd(struct input *input, int fd, struct digsig_error *error)
{
	input->path = NULL;
	return take_fd(input, fd, error);
}

int input_from_memory(
	struct input *input, const void *bytes, size_t size, struct digsig_error *error)
{
	if (!bytes && size)
		return library_fail_null(error, "bytes");
	if (size > PTRDIFF_MAX)
		return library_fail(error, -EFBIG, "a size that no memory has");
	input->path = NULL;
	input->memory = (struct memory){ .bytes = bytes, .size = size };
	input->source = memory_source(&input->memory);
	return 0;
}
