/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames on their way to a stream: those that it has, but that were not acknowledged, and behind them those that it does not have yet.
 * Any thread may put; one thread alone, that of the stream, calls what stands below frame_queue_waiting.
 */
#ifndef KERNKIT_NETCON_FRAME_QUEUE_H
#define KERNKIT_NETCON_FRAME_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>
#include <sys/uio.h>
#include <linux/types.h>

struct frame;

struct frame_queue {
	pthread_mutex_t lock;
	TAILQ_HEAD(frame_list, frame) frames;
	struct frame *unsent; /* the first that the stream does not have whole; NULL: it has all */
	size_t sent_of_unsent; /* bytes of that */
	__u64 released; /* bytes of frames that were acknowledged since frame_queue_rewind */
	size_t waiting, room; /* bytes */
};

/* room: bytes that may wait, those of the queue itself included. */
void frame_queue_open(struct frame_queue *queue, size_t room);

/* Takes a message, and puts its length in front (octet counting, RFC 6587). 0; -ENOBUFS: there is no room; -ENOMEM. */
int frame_queue_put(struct frame_queue *queue, const void *bytes, size_t size);

/* How many bytes wait. *is_unsent: whether the stream has yet to get some; NULL: no matter. */
size_t frame_queue_waiting(struct frame_queue *queue, bool *is_unsent);

/* The stream is a new one, which has nothing. */
void frame_queue_rewind(struct frame_queue *queue);

/* What is next, in at most room pieces, which stay until they are released. Returns how many there are. */
int frame_queue_next(struct frame_queue *queue, struct iovec *pieces, int room);

/* The stream has so many bytes more. */
void frame_queue_sent(struct frame_queue *queue, size_t size);

/* So many bytes were acknowledged since frame_queue_rewind: frames that are within these are freed. */
void frame_queue_release(struct frame_queue *queue, __u64 until);

void frame_queue_close(struct frame_queue *queue);

#endif
