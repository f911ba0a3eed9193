// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../netcon.h"
#include "kernel_log.h"

#define DEVICE "/dev/kmsg"

/* A record is no longer (CONSOLE_EXT_LOG_MAX, PRINTK_MESSAGE_MAX). */
enum { RECORD_MAX = 8192, WRITTEN_MAX = 512, PATIENCE_MS = 2000 };

int kernel_log_open(void)
{
	int fd = open(DEVICE, O_RDONLY | O_NONBLOCK | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	if (lseek(fd, 0, SEEK_END) >= 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* The next record. -EAGAIN: there is none; those that were overwritten meanwhile are left out. */
static int read_record(int fd, char *bytes, struct netcon_message *message)
{
	ssize_t size;

	do
		size = read(fd, bytes, RECORD_MAX);
	while (size < 0 && (errno == EPIPE || errno == EINTR));
	if (size < 0)
		return -errno;
	netcon_parse(bytes, (size_t)size, message);
	return 0;
}

/* "netpoll: ..." or "netconsole: ...", of level error. */
static bool is_reason(const struct netcon_message *message)
{
	size_t size = netcon_text_size(message);

	return message->is_extended && message->priority <= 3 &&
	       ((size > 9 && !memcmp(message->body, "netpoll: ", 9)) ||
		       (size > 12 && !memcmp(message->body, "netconsole: ", 12)));
}

void kernel_log_reason(int fd, char *text, size_t size)
{
	char bytes[RECORD_MAX];
	struct netcon_message message;
	int err;

	*text = 0;
	do {
		err = read_record(fd, bytes, &message);
		/* /dev/kmsg has bytes that are not printable as \xNN. */
		if (!err && is_reason(&message))
			snprintf(text, size, "%.*s", (int)netcon_text_size(&message), message.body);
	} while (!err);
}

static int find_own(int fd, const char *text, __u64 *sequence)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char bytes[RECORD_MAX];
	struct netcon_message message;
	size_t length = strlen(text);

	for (;;) {
		int err = read_record(fd, bytes, &message);

		if (!err && message.is_extended && netcon_text_size(&message) == length &&
			!memcmp(message.body, text, length)) {
			*sequence = message.sequence;
			return 0;
		}
		if (err && err != -EAGAIN)
			return err;
		if (err && poll(&ready, 1, PATIENCE_MS) <= 0)
			return -ENODATA;
	}
}

/* In one write: it is one record. The C library's streams want to seek, which the device does not know. */
static int write_record(unsigned int level, const char *text)
{
	char bytes[WRITTEN_MAX];
	int size = snprintf(bytes, sizeof(bytes), "<%u>%s\n", level, text), fd, err = 0;

	if (size >= WRITTEN_MAX)
		return -EMSGSIZE;
	fd = open(DEVICE, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, bytes, (size_t)size) < 0)
		err = -errno;
	close(fd);
	return err;
}

int kernel_log_put(unsigned int level, const char *text, __u64 *sequence)
{
	int in = kernel_log_open(), err;

	if (in < 0)
		return in;
	err = write_record(level, text);
	if (!err)
		err = find_own(in, text, sequence);
	close(in);
	return err;
}
