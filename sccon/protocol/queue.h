/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes that wait, up to a limit: those that were put first are the first that are seen. */
#ifndef SCCON_PROTOCOL_QUEUE_H
#define SCCON_PROTOCOL_QUEUE_H

#include <stddef.h>
#include "frame.h"

/* All zero but limit: an empty one. */
struct queue {
	__u8 *bytes;
	size_t begin, used; /* what waits is at bytes + begin */
	size_t room; /* of bytes, which grows up to limit */
	size_t limit;
};

/* All of them, or none: 0; -ENOBUFS: they do not fit; -ENOMEM. */
int queue_put(struct queue *queue, const void *bytes, size_t size);

/* The same for a whole frame. */
int queue_put_frame(struct queue *queue, enum frame_type type, const void *payload, size_t size);

/* How many bytes still fit. */
static inline size_t queue_room(const struct queue *queue)
{
	return queue->used < queue->limit ? queue->limit - queue->used : 0;
}

static inline const __u8 *queue_bytes(const struct queue *queue)
{
	return queue->bytes + queue->begin;
}

/* Takes the first size bytes away, which are not more than used. */
void queue_drop(struct queue *queue, size_t size);

void queue_free(struct queue *queue);

#endif
