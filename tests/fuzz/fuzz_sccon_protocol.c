// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as what comes through a connection of sccon, and as what is typed. What is taken apart is put together again,
 * and is what it was, in whatever pieces it came.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sccon/cli/escape.h"
#include "sccon/protocol/frame.h"
#include "sccon/protocol/queue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

static void use(const struct frame *frame)
{
	char text[FRAME_TEXT_MOST + 1];
	struct frame_hello hello;
	__u8 payload[4];

	switch (frame->type) {
	case FRAME_HELLO:
		frame_hello(frame, &hello);
		require(strlen(hello.name) < frame->size);
		break;
	case FRAME_WINDOW:
		frame_window_payload(payload, frame_window(frame));
		require(!memcmp(payload, frame->payload, sizeof(payload)));
		break;
	case FRAME_WRITE_ASK:
		frame_is_forced(frame);
		break;
	case FRAME_NOTICE:
	case FRAME_END:
		frame_text(frame, text);
		require(strlen(text) <= frame->size);
		break;
	default:
		break;
	}
}

/* A copy that ends where the bytes do, so that one too far is noticed. */
static int parse(const uint8_t *data, size_t size, struct frame *frame)
{
	uint8_t *copy = malloc(size + !size);
	int count;

	memcpy(copy, data, size);
	count = frame_parse(copy, size, frame);
	if (count > 0)
		use(frame);
	free(copy);
	return count;
}

static void take_frames(const uint8_t *data, size_t size)
{
	struct queue queue = { .limit = size };
	size_t at = 0;

	while (at < size) {
		struct frame frame;
		int count = parse(data + at, size - at, &frame);

		require(count >= -1000 && (count <= 0 || (size_t)count <= size - at));
		if (count <= 0)
			break;
		/* With a byte less it is not whole. */
		require(!parse(data + at, (size_t)count - 1, &frame));
		require(frame_parse(data + at, size - at, &frame) == count);
		require(!queue_put_frame(&queue, frame.type, frame.payload, frame.size));
		at += (size_t)count;
	}
	require(queue.used == at && (!at || !memcmp(queue_bytes(&queue), data, at)));
	for (size_t step = 1; queue.used; step = step * 3 % 1021) {
		size_t drop = step < queue.used ? step : queue.used;

		require(!memcmp(queue_bytes(&queue), data + at - queue.used, queue.used));
		queue_drop(&queue, drop);
	}
	queue_free(&queue);
}

/* The same bytes for the machine and the same actions, whole and a byte at a time. */
static void type(const char *data, size_t size)
{
	struct escape whole = { .character = '~' }, single = { .character = '~' };
	char *out = malloc(2 * size + 2), *other = malloc(2 * size + 2);
	enum escape_action actions[2];
	size_t sizes[2], at = 0;

	while (at < size) {
		size_t count = escape_take(&whole, data + at, size - at, out, &sizes[0], &actions[0]), got = 0;

		require(count && count <= size - at && sizes[0] <= 2 * count);
		for (size_t i = 0; i < count; i++) {
			require(escape_take(&single, data + at + i, 1, other + got, &sizes[1], &actions[1]) == 1);
			got += sizes[1];
			require(i + 1 == count || !actions[1]);
		}
		require(got == sizes[0] && actions[0] == actions[1] && !memcmp(out, other, got));
		at += count;
	}
	free(out);
	free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int count = greeting_parse(data, size);

	require(count <= 0 || (count == GREETING_SIZE && size >= GREETING_SIZE));
	take_frames(data + (count > 0 ? count : 0), size - (count > 0 ? (size_t)count : 0));
	type((const char *)data, size);
	return 0;
}
