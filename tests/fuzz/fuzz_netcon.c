// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as datagrams, each behind a byte for its size, one for its sender and the time that has passed. What is
 * whole is also formatted and taken apart again; all of it goes to a tracker with little room.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "netcon/receive/tracker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads each byte, so that one too far is noticed. */
static void use(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		volatile char byte = bytes[i];

		(void)byte;
	}
}

static void read_all(const struct netcon_message *message)
{
	struct netcon_entry entry;
	size_t place = 0, size;
	char *bytes = malloc(message->body_size + 1);

	size = netcon_unescape(message->body, message->body_size, bytes);
	use(bytes, size);
	free(bytes);
	use(message->release, message->release_size);
	use(message->caller, message->caller_size);
	use(message->body, netcon_text_size(message));
	while (netcon_entry_next(message, &place, &entry)) {
		use(entry.name, entry.name_size);
		use(entry.value, entry.value_size);
	}
}

/* parse(format(message)) is the message. */
static void format_and_back(const struct netcon_message *message)
{
	struct netcon_message again;
	size_t offset = 0, room = message->body_size + message->release_size + message->caller_size + 128, size;
	char *bytes = malloc(room);

	size = netcon_format(message, &offset, bytes, room);
	netcon_parse(bytes, size, &again);
	if (offset != message->body_size || !again.is_extended || again.is_fragment || again.sequence != message->sequence ||
		again.time_us != message->time_us || again.priority != message->priority || again.flag != message->flag ||
		again.body_size != message->body_size || memcmp(again.body, message->body, again.body_size))
		abort();
	free(bytes);
}

static void take_message(void *context, const struct received *received)
{
	(void)context;
	if (received->message.is_fragment || received->message.body_size > NETCON_BODY_MAX)
		abort();
	read_all(&received->message);
}

static void take_happened(void *context, const struct happened *happened)
{
	(void)context;
	if (happened->what == HAPPENED_LOST && happened->first > happened->last)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tracker_settings settings = { .hosts_max = 4, .memory_max = 4096, .assemble = 3000, .lose = 10000,
		.forget = 100000 };
	const struct tracker_sink sink = { NULL, take_message, take_happened };
	struct tracker_time time = { .now = 1000000 };
	struct netcon_source source = { .port = 6665 };
	struct tracker_counts counts;
	struct tracker *tracker;

	settings.join = size && data[0] & 1 ? 200 : 0;
	if (tracker_open(&settings, &sink, &tracker))
		return 0;
	while (size > 3) {
		size_t length = data[0] + 256U * (data[1] & 3);
		struct netcon_message message;
		char *bytes;

		source.address.s6_addr[15] = data[1] >> 2 & 7;
		time.now += 1ULL << (data[2] & 31) >> 8;
		data += 3;
		size -= 3;
		length = length < size ? length : size;
		/* A block of its own, so that a byte too far is noticed. */
		bytes = malloc(length ? length : 1);
		memcpy(bytes, data, length);
		netcon_parse(bytes, length, &message);
		read_all(&message);
		/* A release with commas may be read in another way when it is written anew. */
		if (message.is_extended && !message.is_fragment && !message.release_size && !message.caller_size)
			format_and_back(&message);
		tracker_take(tracker, &source, bytes, length, &time);
		free(bytes);
		tracker_tick(tracker, &time);
		tracker_counts(tracker, &counts);
		if (counts.hosts > 4 || counts.memory > 65536)
			abort();
		data += length;
		size -= length;
	}
	tracker_give_up(tracker, &time);
	tracker_close(tracker);
	return 0;
}
