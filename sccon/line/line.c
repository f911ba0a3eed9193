// SPDX-License-Identifier: GPL-2.0-or-later
#include "line.h"
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"
#include "internal.h"

/* Between two attempts to open it: doubled from the first to the last. */
#define WAIT_FIRST (250 * CLOCK_MILLISECOND)
#define WAIT_LAST (8 * CLOCK_SECOND)
#define CONNECT_TIME (10 * CLOCK_SECOND)
#define BREAK_TIME (250 * CLOCK_MILLISECOND)

int line_fail(struct line *line, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_safe_message(line->words, sizeof(line->words), err, format, arguments);
	va_end(arguments);
	return err;
}

/* Closes it, and waits before the next attempt. */
static void go_away(struct line *line, __u64 now)
{
	if (line->fd >= 0) {
		if (line->kind->before_close)
			line->kind->before_close(line);
		close(line->fd);
	}
	line->fd = -1;
	if (line->is_up || !line->was_tried)
		line->has_told = false;
	line->was_tried = true;
	/* One that was there for a while is tried at once. */
	if (line->is_up && now > line->came + WAIT_LAST)
		line->wait = 0;
	line->is_up = line->is_connecting = line->is_breaking = false;
	line->wait = clock_back_off(line->wait, WAIT_FIRST, WAIT_LAST);
	line->retry = now + line->wait;
}

static void come(struct line *line, __u64 now)
{
	line->came = now;
	line->is_up = true;
	line->is_connecting = line->has_told = false;
	line->words[0] = '\0';
}

static void try_to_open(struct line *line, __u64 now)
{
	int fd;

	line->words[0] = '\0';
	fd = line->kind->open(line);
	line->connect_end = now + CONNECT_TIME;
	line->fd = fd < 0 ? -1 : fd;
	if (fd < 0) {
		if (!line->words[0])
			line_fail(line, fd, "%s: %s", line->address, strerror(-fd));
		go_away(line, now);
	} else if (!line->is_connecting) {
		come(line, now);
	}
}

/* A connection that was begun: whether it is there. */
static void finish_connecting(struct line *line, short revents, __u64 now)
{
	socklen_t size = sizeof(int);
	int error = 0;

	if (revents && getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &error, &size))
		error = errno;
	if (!revents && now >= line->connect_end)
		error = ETIMEDOUT;
	if (error) {
		line_fail(line, -error, "%s: %s", line->address, strerror(error));
		go_away(line, now);
	} else if (revents) {
		come(line, now);
	}
}

enum line_change line_attend(struct line *line, short revents, __u64 now)
{
	if (line->is_connecting)
		finish_connecting(line, revents, now);
	else if (line->fd < 0 && now >= line->retry)
		try_to_open(line, now);
	if (line->is_breaking && now >= line->break_end) {
		line->is_breaking = false;
		line->kind->set_break(line, false);
	}
	if (line->has_told)
		return LINE_SAME;
	line->has_told = true;
	return line->is_up ? LINE_CAME : LINE_WENT;
}

__u64 line_due(const struct line *line)
{
	if (!line->has_told)
		return 0;
	if (line->is_connecting)
		return line->connect_end;
	if (line->fd < 0)
		return line->retry;
	return line->is_breaking ? line->break_end : UINT64_MAX;
}

bool line_is_up(const struct line *line)
{
	return line->is_up;
}

int line_fd(const struct line *line)
{
	return line->fd;
}

short line_events(const struct line *line, bool reads, bool writes)
{
	if (line->is_connecting)
		return POLLOUT;
	return (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
}

static void break_off(struct line *line, const char *what, __u64 now)
{
	line_fail(line, -EIO, "%s: %s", line->address, what);
	go_away(line, now);
}

size_t line_read(struct line *line, void *bytes, size_t size, __u64 now)
{
	ssize_t count;

	if (!line->is_up)
		return 0;
	count = read(line->fd, bytes, size);
	if (count > 0)
		return (size_t)count;
	if (!count)
		break_off(line, "the other end hung up", now);
	else if (errno != EAGAIN && errno != EINTR)
		break_off(line, errno == EIO ? "the other end hung up" : strerror(errno), now);
	return 0;
}

size_t line_write(struct line *line, const void *bytes, size_t size, __u64 now)
{
	ssize_t count;

	if (!line->is_up)
		return 0;
	count = write(line->fd, bytes, size);
	if (count >= 0)
		return (size_t)count;
	if (errno != EAGAIN && errno != EINTR)
		break_off(line, errno == EIO || errno == EPIPE ? "the other end hung up" : strerror(errno), now);
	return 0;
}

int line_break(struct line *line, __u64 now)
{
	int err;

	if (!line->kind->set_break)
		return -EOPNOTSUPP;
	if (!line->is_up)
		return -ENOTCONN;
	err = line->kind->set_break(line, true);
	if (!err && !line->kind->break_ends_itself) {
		line->is_breaking = true;
		line->break_end = now + BREAK_TIME;
	}
	return err;
}

int line_window(struct line *line, unsigned int rows, unsigned int columns)
{
	if (!line->kind->set_window)
		return -EOPNOTSUPP;
	return line->is_up ? line->kind->set_window(line, rows, columns) : -ENOTCONN;
}

const char *line_kind(const struct line *line)
{
	return line->kind->name;
}

const char *line_words(const struct line *line)
{
	return line->words;
}

void line_free(struct line *line)
{
	if (!line)
		return;
	if (line->is_breaking)
		line->kind->set_break(line, false);
	go_away(line, 0);
	if (line->addresses)
		freeaddrinfo(line->addresses);
	free(line);
}
