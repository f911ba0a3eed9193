// SPDX-License-Identifier: GPL-2.0-or-later
#include "log_file.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* No line is longer. */
#define LINE_MAX_SIZE (64 * 1024)

void log_file_init(struct log_file *file, const char *path, __u64 size_max, unsigned int keep)
{
	*file = (struct log_file){ .path = path, .size_max = size_max, .keep = keep, .fd = -1, .group = (gid_t)-1 };
}

void log_file_close(struct log_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

static int look_at_end(struct log_file *file)
{
	struct stat st;
	char last;

	if (fstat(file->fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	file->size = (__u64)st.st_size;
	file->is_torn = st.st_size && pread(file->fd, &last, 1, st.st_size - 1) == 1 &&
		last != '\n';
	return 0;
}

static int open_file(struct log_file *file)
{
	int err;

	if (file->fd >= 0)
		return 0;
	file->fd = open(file->path,
		O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0640);
	if (file->fd < 0)
		return -errno;
	err = look_at_end(file);
	/* Where that is not allowed the log is written all the same. */
	if (!err && file->group != (gid_t)-1 && !fchown(file->fd, (uid_t)-1, file->group))
		fchmod(file->fd, 0640);
	if (err)
		log_file_close(file);
	return err;
}

static void rotated_name(char *name, const char *path, unsigned int number)
{
	if (number)
		snprintf(name, PATH_MAX, "%s.%u", path, number);
	else
		snprintf(name, PATH_MAX, "%s", path);
}

/* Each file gets the next number, the last one is overwritten. A kill in between leaves a gap. */
static void rotate(struct log_file *file)
{
	char from[PATH_MAX], to[PATH_MAX];

	/* Nobody will write there again. */
	if (file->is_torn && write(file->fd, "\n", 1) == 1)
		file->is_torn = false;
	log_file_close(file);
	if (!file->keep)
		unlink(file->path);
	for (unsigned int number = file->keep; number > 0; number--) {
		rotated_name(from, file->path, number - 1);
		rotated_name(to, file->path, number);
		rename(from, to);
	}
}

/* All or nothing. */
static int append(struct log_file *file, const char *lines, size_t size)
{
	struct iovec parts[] = {
		{ .iov_base = "\n", .iov_len = file->is_torn },
		{ .iov_base = (char *)lines, .iov_len = size },
	};
	size_t whole = size + file->is_torn;
	ssize_t written = writev(file->fd, parts, 2);
	int err = written < 0 ? -errno : -ENOSPC;

	if (written == (ssize_t)whole) {
		file->size += whole;
		file->is_torn = false;
		return 0;
	}
	if (written > 0 && ftruncate(file->fd, (off_t)file->size))
		look_at_end(file);
	return err;
}

int log_file_write(struct log_file *file, const char *lines, size_t size)
{
	int err = open_file(file);

	if (err)
		return err;
	if (file->size && file->size + size > file->size_max) {
		rotate(file);
		err = open_file(file);
	}
	return err ? err : append(file, lines, size);
}

static char *last_line_of(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	char *text = malloc(LINE_MAX_SIZE), *line = NULL, *begin, *end;
	ssize_t got = 0;
	struct stat st;

	if (fd >= 0 && text && !fstat(fd, &st) && S_ISREG(st.st_mode))
		got = pread(fd, text, LINE_MAX_SIZE,
			st.st_size > LINE_MAX_SIZE ? st.st_size - LINE_MAX_SIZE : 0);
	end = got > 0 ? memrchr(text, '\n', (size_t)got) : NULL;
	if (end) {
		begin = memrchr(text, '\n', (size_t)(end - text));
		begin = begin ? begin + 1 : text;
		line = strndup(begin, (size_t)(end - begin));
	}
	free(text);
	if (fd >= 0)
		close(fd);
	return line;
}

char *log_file_last_line(const char *path)
{
	char rotated[PATH_MAX], *line = last_line_of(path);

	if (line)
		return line;
	rotated_name(rotated, path, 1);
	return last_line_of(rotated);
}
