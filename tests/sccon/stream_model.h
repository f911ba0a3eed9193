// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A stream with a firmware that does what it likes: takes some, none or all, fails, or says that it took more than it was
 * given. What has come out is compared with what went in: each byte once and in order, but for those that the stream says
 * are lost, at that very place.
 */
#ifndef STREAM_MODEL_H
#define STREAM_MODEL_H

#include <stdlib.h>
#include "sccon/kernel/stream.h"

enum { MODEL_RING = 256, MODEL_RETRIES = 3 };

struct stream_model {
	struct sccon_stream stream;
	unsigned char bytes[MODEL_RING];
	unsigned long long put;	  /* bytes that went in */
	unsigned long long taken; /* and place in them of what comes out next */
	unsigned long long said;  /* to be lost */
	char notice[SCCON_NOTICE_SIZE];
	unsigned int notice_size;
	unsigned int waited; /* milliseconds */
};

/* The byte at each place: never one that a notice begins with. */
static inline unsigned char model_byte(unsigned long long place)
{
	return (unsigned char)(32 + place * 7 % 59 + place / 59 % 5);
}

static inline void model_begin(struct stream_model *model)
{
	memset(model, 0, sizeof(*model));
	model->stream.ring.bytes = model->bytes;
	model->stream.ring.size = MODEL_RING;
	model->stream.retries = MODEL_RETRIES;
	/* Both are about to wrap around. */
	model->stream.ring.in = -5U;
	model->stream.ring.out = -5U;
}

static inline void model_require(bool is_right)
{
	if (!is_right)
		abort();
}

static inline void model_put(struct stream_model *model, unsigned int count)
{
	unsigned char bytes[2 * MODEL_RING];
	unsigned int room = sccon_ring_room(&model->stream.ring);

	count %= sizeof(bytes);
	for (unsigned int i = 0; i < count; i++)
		bytes[i] = model_byte(model->put + i);
	count = sccon_ring_put(&model->stream.ring, bytes, count);
	model_require(count <= room);
	model->put += count;
}

/* Something came out: a byte of the data, or of a notice. */
static inline void model_out(struct stream_model *model, unsigned char byte)
{
	unsigned long long lost;

	if (!model->notice_size && byte != '\r') {
		model_require(model->taken < model->put && byte == model_byte(model->taken));
		model->taken++;
		return;
	}
	model_require(model->notice_size < sizeof(model->notice) - 1);
	model->notice[model->notice_size++] = (char)byte;
	model->notice[model->notice_size] = 0;
	if (model->notice_size < 3 || byte != '\n')
		return;
	model_require(sscanf(model->notice, "\r\n[sccon: lost %llu bytes]\r\n", &lost) == 1 && lost > 0);
	model->taken += lost;
	model->said += lost;
	model->notice_size = 0;
}

/* One call of at most limit bytes; kind and amount are what the firmware does. */
static inline struct sccon_result model_call(
	struct stream_model *model, unsigned int limit, unsigned int kind, unsigned int amount)
{
	unsigned char chunk[64];
	unsigned int size = sccon_stream_next(&model->stream, chunk, 1 + limit % sizeof(chunk), kind & 8);
	struct sccon_result result;
	unsigned int takes = 0;
	long answer;

	model_require(size <= 1 + limit % sizeof(chunk));
	model_require(size || sccon_stream_is_empty(&model->stream));
	switch (kind % 8) {
	case 0:
	case 1:
		answer = takes = size ? amount % (size + 1) : 0;
		break;
	case 2:
		answer = 0;
		break;
	case 3:
		answer = kind & 16 ? -EAGAIN : -EBUSY;
		break;
	case 4:
		answer = -EIO;
		break;
	case 5:
		takes = size;
		answer = (long)size + 1 + amount;
		break;
	default:
		answer = takes = size;
		break;
	}
	result = sccon_stream_answered(&model->stream, chunk, size, answer);
	for (unsigned int i = 0; i < takes; i++)
		model_out(model, chunk[i]);
	model_require(result.taken == takes && result.outcome < SCCON_OUTCOMES && result.wait <= SCCON_BACK_OFF_MOST);
	model_require(!size || takes || result.wait);
	model->waited += result.wait;
	return result;
}

/* The firmware is well again: in the end all has come out, or is said to be lost. */
static inline void model_end(struct stream_model *model)
{
	while (!sccon_stream_is_empty(&model->stream))
		model_call(model, 63, 7, 0);
	model_require(!model->notice_size && model->taken == model->put && model->said == model->stream.lost_ever);
}

#endif
