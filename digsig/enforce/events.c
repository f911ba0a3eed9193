// SPDX-License-Identifier: GPL-2.0-or-later
#include "events.h"
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct event_reader {
	struct ring_buffer *buffer;
	event_handler *handler;
	void *context;
	__u64 lost;
	int lock;
};

static int hand_on(void *context, void *data, size_t size)
{
	struct event_reader *reader = context;
	const struct digsig_event *event = data;
	__u64 lost = 0;

	if (size < sizeof(*event))
		return 0;
	/* Events of two processors may stand in the buffer the wrong way round. */
	if (event->lost > reader->lost) {
		lost = event->lost - reader->lost;
		reader->lost = event->lost;
	}
	reader->handler(event, lost, reader->context);
	return 0;
}

int event_reader_new(const struct engine *engine, event_handler *handler, void *context,
	struct event_reader **reader)
{
	struct event_reader *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return -ENOMEM;
	made->handler = handler;
	made->context = context;
	/* Not the engine's directory, which couriers lock. */
	made->lock = open("/run/digsig.log.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (made->lock < 0)
		err = -errno;
	else if (flock(made->lock, LOCK_EX | LOCK_NB))
		err = errno == EWOULDBLOCK ? -EBUSY : -errno;
	else
		err = 0;
	if (!err) {
		made->buffer = ring_buffer__new(engine->events, hand_on, made, NULL);
		err = made->buffer ? 0 : -errno;
	}
	if (err) {
		event_reader_free(made);
		return err;
	}
	*reader = made;
	return 0;
}

void event_reader_free(struct event_reader *reader)
{
	if (!reader)
		return;
	ring_buffer__free(reader->buffer);
	if (reader->lock >= 0)
		close(reader->lock);
	free(reader);
}

int event_reader_read(struct event_reader *reader, int timeout_ms)
{
	int count = ring_buffer__consume(reader->buffer);

	return count || !timeout_ms ? count : ring_buffer__poll(reader->buffer, timeout_ms);
}

const char *event_hook_name(unsigned int hook)
{
	switch (hook) {
	case DIGSIG_HOOK_EXEC:
		return "exec";
	case DIGSIG_HOOK_MMAP:
		return "mmap";
	case DIGSIG_HOOK_WRITE:
		return "write";
	case DIGSIG_HOOK_LOCK:
		return "lock";
	}
	return "?";
}
