// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes datagrams. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "../netcon.h"

/* What is written, and where; is_full: it had no room. */
struct writer {
	char *bytes;
	size_t size, room;
	bool is_full;
};

static void put(struct writer *writer, const char *bytes, size_t size)
{
	if (size > writer->room - writer->size) {
		writer->is_full = true;
		return;
	}
	if (size)
		memcpy(writer->bytes + writer->size, bytes, size);
	writer->size += size;
}

static void put_format(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put_format(struct writer *writer, const char *format, ...)
{
	char text[96];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	put(writer, text, (size_t)size);
}

static void put_header(struct writer *writer, const struct netcon_message *message)
{
	if (message->release_size) {
		put(writer, message->release, message->release_size);
		put(writer, ",", 1);
	}
	put_format(writer, "%u,%llu,%llu,%c", message->priority, (unsigned long long)message->sequence,
		(unsigned long long)message->time_us, message->flag);
	if (message->caller_size) {
		put(writer, ",caller=", 8);
		put(writer, message->caller, message->caller_size);
	}
}

size_t netcon_format(const struct netcon_message *message, size_t *offset, char *bytes, size_t room)
{
	struct writer writer = { .bytes = bytes, .room = room };
	size_t size = message->body_size - *offset;

	if (!message->is_extended) {
		size = size < room ? size : room;
		put(&writer, message->body + *offset, size);
		*offset += size;
		return writer.size;
	}
	put_header(&writer, message);
	if (*offset || writer.is_full || writer.size + 1 + size > room) {
		put_format(&writer, ",ncfrag=%zu/%zu", *offset, message->body_size);
		if (writer.is_full || room - writer.size < 2)
			return 0;
		size = size < room - writer.size - 1 ? size : room - writer.size - 1;
	}
	put(&writer, ";", 1);
	put(&writer, message->body + *offset, size);
	*offset += size;
	return writer.size;
}
