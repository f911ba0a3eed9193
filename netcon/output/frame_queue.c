// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame_queue.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct frame {
	TAILQ_ENTRY(frame) next;
	size_t size;
	char bytes[];
};

void frame_queue_open(struct frame_queue *queue, size_t room)
{
	*queue = (struct frame_queue){ .room = room };
	TAILQ_INIT(&queue->frames);
	pthread_mutex_init(&queue->lock, NULL);
}

static struct frame *make_frame(const void *bytes, size_t size)
{
	char count[24];
	size_t digits = (size_t)snprintf(count, sizeof(count), "%zu ", size);
	struct frame *frame = malloc(sizeof(*frame) + digits + size);

	if (!frame)
		return NULL;
	frame->size = digits + size;
	memcpy(mempcpy(frame->bytes, count, digits), bytes, size);
	return frame;
}

int frame_queue_put(struct frame_queue *queue, const void *bytes, size_t size)
{
	struct frame *frame = make_frame(bytes, size);
	int err = 0;

	if (!frame)
		return -ENOMEM;
	pthread_mutex_lock(&queue->lock);
	if (queue->waiting + sizeof(*frame) + frame->size > queue->room) {
		err = -ENOBUFS;
	} else {
		queue->waiting += sizeof(*frame) + frame->size;
		TAILQ_INSERT_TAIL(&queue->frames, frame, next);
		if (!queue->unsent)
			queue->unsent = frame;
	}
	pthread_mutex_unlock(&queue->lock);
	if (err)
		free(frame);
	return err;
}

size_t frame_queue_waiting(struct frame_queue *queue, bool *is_unsent)
{
	size_t waiting;

	pthread_mutex_lock(&queue->lock);
	waiting = queue->waiting;
	if (is_unsent)
		*is_unsent = queue->unsent;
	pthread_mutex_unlock(&queue->lock);
	return waiting;
}

void frame_queue_rewind(struct frame_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->unsent = TAILQ_FIRST(&queue->frames);
	queue->sent_of_unsent = 0;
	queue->released = 0;
	pthread_mutex_unlock(&queue->lock);
}

int frame_queue_next(struct frame_queue *queue, struct iovec *pieces, int room)
{
	struct frame *frame;
	int count = 0;

	pthread_mutex_lock(&queue->lock);
	for (frame = queue->unsent; frame && count < room; frame = TAILQ_NEXT(frame, next))
		pieces[count++] = (struct iovec){ frame->bytes, frame->size };
	if (count) {
		pieces[0].iov_base = (char *)pieces[0].iov_base + queue->sent_of_unsent;
		pieces[0].iov_len -= queue->sent_of_unsent;
	}
	pthread_mutex_unlock(&queue->lock);
	return count;
}

void frame_queue_sent(struct frame_queue *queue, size_t size)
{
	pthread_mutex_lock(&queue->lock);
	size += queue->sent_of_unsent;
	while (queue->unsent && size >= queue->unsent->size) {
		size -= queue->unsent->size;
		queue->unsent = TAILQ_NEXT(queue->unsent, next);
	}
	queue->sent_of_unsent = size;
	pthread_mutex_unlock(&queue->lock);
}

static void free_first(struct frame_queue *queue)
{
	struct frame *frame = TAILQ_FIRST(&queue->frames);

	queue->waiting -= sizeof(*frame) + frame->size;
	TAILQ_REMOVE(&queue->frames, frame, next);
	free(frame);
}

void frame_queue_release(struct frame_queue *queue, __u64 until)
{
	const struct frame *frame;

	pthread_mutex_lock(&queue->lock);
	while ((frame = TAILQ_FIRST(&queue->frames)) && frame != queue->unsent && queue->released + frame->size <= until) {
		queue->released += frame->size;
		free_first(queue);
	}
	pthread_mutex_unlock(&queue->lock);
}

void frame_queue_close(struct frame_queue *queue)
{
	while (!TAILQ_EMPTY(&queue->frames))
		free_first(queue);
	pthread_mutex_destroy(&queue->lock);
}
