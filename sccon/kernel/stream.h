/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stream to the firmware: what waits, what goes into the next call, and what follows from the firmware's answer. Who
 * calls has a lock. Compiled for user space, too, where it is tested.
 *
 * Nothing that the firmware does not take is dropped: it is offered again, later and later. Only a firmware that fails,
 * again and again, loses what waits. That is counted, and said in the stream itself as soon as the firmware is back.
 */
#ifndef SCCON_STREAM_H
#define SCCON_STREAM_H

#include "ring.h"

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/kernel.h>
#else
#include <errno.h>
#include <stdio.h>
#endif

/* Milliseconds between two calls when the firmware takes nothing: 1, 2, 4 and so on to this. */
#define SCCON_BACK_OFF_MOST 20

#define SCCON_NOTICE_SIZE 64

struct sccon_stream {
	struct sccon_ring ring;

	/* After so many failures in a row, what waits is given up. */
	unsigned int retries;

	unsigned int failures; /* in a row */
	unsigned int back_off; /* milliseconds; 0 after the firmware has taken something */
	bool is_mid_line;      /* the last byte that was taken is no line feed */

	/* Bytes that were given up: those that the stream has not said yet, and all. */
	unsigned long long lost;
	unsigned long long lost_ever;

	/* What says so, in the stream, and for how many bytes. size is 0 when there is none under way. */
	struct {
		char text[SCCON_NOTICE_SIZE];
		unsigned int size;
		unsigned int sent;
		unsigned long long lost;
	} notice;
};

enum sccon_outcome {
	SCCON_NOTHING,	/* there was nothing to send */
	SCCON_TAKEN,	/* all of it */
	SCCON_SHORT,	/* a part */
	SCCON_REFUSED,	/* none, for now */
	SCCON_FAILED,	/* an error; it is tried again */
	SCCON_GIVEN_UP, /* an error, too often: what waits is lost */
	SCCON_OUTCOMES
};

struct sccon_result {
	enum sccon_outcome outcome;
	unsigned int taken;   /* bytes */
	unsigned int wait;    /* milliseconds until the next call */
	bool is_impossible;   /* the firmware says that it took more than it was given */
};

static inline bool sccon_stream_is_empty(const struct sccon_stream *stream)
{
	return !sccon_ring_used(&stream->ring) && !stream->lost && !stream->notice.size;
}

static inline void sccon_stream_lose(struct sccon_stream *stream, unsigned int count)
{
	stream->lost += count;
	stream->lost_ever += count;
}

/* Drops what waits without a word: for who flushes it. A notice under way stays. */
static inline void sccon_stream_flush(struct sccon_stream *stream)
{
	stream->ring.out = stream->ring.in;
}

/*
 * Puts what is to be sent next into chunk: at most limit bytes, which is at least 1. With to_line_end it ends with a
 * line, if one ends there. Returns how many bytes; 0 if the stream is empty.
 */
static inline unsigned int sccon_stream_next(
	struct sccon_stream *stream, unsigned char *chunk, unsigned int limit, bool to_line_end)
{
	unsigned int size;

	if (!stream->notice.size && stream->lost) {
		stream->notice.lost = stream->lost;
		stream->notice.size = snprintf(stream->notice.text, sizeof(stream->notice.text),
			"\r\n[sccon: lost %llu bytes]\r\n", stream->lost);
		stream->notice.sent = 0;
		stream->lost = 0;
	}
	if (stream->notice.size) {
		size = sccon_least(limit, stream->notice.size - stream->notice.sent);
		memcpy(chunk, stream->notice.text + stream->notice.sent, size);
		return size;
	}
	size = sccon_ring_peek(&stream->ring, chunk, limit);
	if (to_line_end)
		for (unsigned int i = 0; i < size; i++)
			if (chunk[i] == '\n')
				return i + 1;
	return size;
}

static inline void sccon_stream_took(struct sccon_stream *stream, const unsigned char *chunk, unsigned int count)
{
	stream->failures = 0;
	stream->back_off = 0;
	stream->is_mid_line = chunk[count - 1] != '\n';
	if (!stream->notice.size) {
		sccon_ring_drop(&stream->ring, count);
		return;
	}
	stream->notice.sent += count;
	if (stream->notice.sent == stream->notice.size)
		stream->notice.size = 0;
}

static inline void sccon_stream_give_up(struct sccon_stream *stream)
{
	sccon_stream_lose(stream, sccon_ring_used(&stream->ring));
	sccon_stream_flush(stream);
	/* A notice of which nothing was sent yet is written anew, with all that is lost by then. */
	if (stream->notice.size && !stream->notice.sent) {
		stream->lost += stream->notice.lost;
		stream->notice.size = 0;
	}
}

/*
 * What follows from the answer to a call with the size bytes that sccon_stream_next() has put into chunk: how many the
 * firmware took, or a negative errno; -EAGAIN and -EBUSY are as good as 0.
 */
static inline struct sccon_result sccon_stream_answered(
	struct sccon_stream *stream, const unsigned char *chunk, unsigned int size, long answer)
{
	struct sccon_result result = { .outcome = SCCON_NOTHING };

	if (!size)
		return result;
	if (answer > (long)size) {
		/* To send any of it again would double it. */
		result.is_impossible = true;
		answer = size;
	}
	if (answer > 0) {
		result.outcome = answer == (long)size ? SCCON_TAKEN : SCCON_SHORT;
		result.taken = answer;
		sccon_stream_took(stream, chunk, answer);
		return result;
	}
	stream->back_off = stream->back_off ? sccon_least(2 * stream->back_off, SCCON_BACK_OFF_MOST) : 1;
	result.wait = stream->back_off;
	if (!answer || answer == -EAGAIN || answer == -EBUSY) {
		result.outcome = SCCON_REFUSED;
		return result;
	}
	result.outcome = SCCON_FAILED;
	/* Once given up, the firmware is asked with what there is, and each failure loses it. */
	if (stream->failures <= stream->retries)
		stream->failures++;
	if (stream->failures > stream->retries) {
		result.outcome = SCCON_GIVEN_UP;
		sccon_stream_give_up(stream);
	}
	return result;
}

#endif
