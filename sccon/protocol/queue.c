// SPDX-License-Identifier: GPL-2.0-or-later
#include "queue.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for so many behind what waits. */
static int make_room(struct queue *queue, size_t size)
{
	size_t room = queue->room ? queue->room : 4096;
	__u8 *bytes;

	if (queue->begin + queue->used + size <= queue->room)
		return 0;
	/* Moved at most once for as many bytes as went away, so that a full queue costs no more than an empty one. */
	if (queue->begin && queue->begin >= queue->room / 2) {
		memmove(queue->bytes, queue->bytes + queue->begin, queue->used);
		queue->begin = 0;
	}
	while (room < queue->begin + queue->used + size)
		room *= 2;
	if (room == queue->room)
		return 0;
	bytes = realloc(queue->bytes, room);
	if (!bytes)
		return -ENOMEM;
	queue->bytes = bytes;
	queue->room = room;
	return 0;
}

static void append(struct queue *queue, const void *bytes, size_t size)
{
	if (size)
		memcpy(queue->bytes + queue->begin + queue->used, bytes, size);
	queue->used += size;
}

int queue_put(struct queue *queue, const void *bytes, size_t size)
{
	int err;

	if (size > queue_room(queue))
		return -ENOBUFS;
	err = make_room(queue, size);
	if (!err)
		append(queue, bytes, size);
	return err;
}

int queue_put_frame(struct queue *queue, enum frame_type type, const void *payload, size_t size)
{
	__u8 header[FRAME_HEADER_SIZE];
	int err;

	if (size > FRAME_PAYLOAD_MOST || size + sizeof(header) > queue_room(queue))
		return -ENOBUFS;
	err = make_room(queue, size + sizeof(header));
	if (err)
		return err;
	frame_header(header, type, size);
	append(queue, header, sizeof(header));
	append(queue, payload, size);
	return 0;
}

void queue_drop(struct queue *queue, size_t size)
{
	queue->begin += size;
	queue->used -= size;
	if (queue->used)
		return;
	queue->begin = 0;
	/* Who was slow for a while does not keep the memory. */
	if (queue->room > 65536) {
		free(queue->bytes);
		queue->bytes = NULL;
		queue->room = 0;
	}
}

void queue_free(struct queue *queue)
{
	free(queue->bytes);
	*queue = (struct queue){ .limit = queue->limit };
}
