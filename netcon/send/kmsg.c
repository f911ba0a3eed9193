// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmsg.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int kmsg_open(struct kmsg *kmsg)
{
	kmsg->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return kmsg->fd < 0 ? -errno : 0;
}

void kmsg_close(struct kmsg *kmsg)
{
	if (kmsg->fd >= 0)
		close(kmsg->fd);
	kmsg->fd = -1;
}

int kmsg_read(struct kmsg *kmsg, struct netcon_message *message)
{
	ssize_t size;

	do
		size = read(kmsg->fd, kmsg->record, KMSG_ROOM);
	while (size < 0 && errno == EINTR);
	if (size < 0)
		return -errno;
	/* An end of file is not what the device has. */
	if (!size)
		return -EIO;
	netcon_parse(kmsg->record, (size_t)size, message);
	return message->is_extended && !message->is_fragment ? 0 : -EBADMSG;
}

int kmsg_rewind(struct kmsg *kmsg)
{
	return lseek(kmsg->fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

int kmsg_add(struct kmsg *kmsg, struct netcon_message *message, const char *name, const char *value)
{
	char *end = kmsg->record + (message->body - kmsg->record) + message->body_size;
	size_t room = (size_t)(kmsg->record + sizeof(kmsg->record) - end);
	const char *newline = message->body_size && end[-1] == '\n' ? "" : "\n";
	int size = snprintf(end, room, "%s %s=%s\n", newline, name, value);

	if (size < 0 || (size_t)size >= room)
		return -E2BIG;
	message->body_size += (size_t)size;
	return 0;
}
