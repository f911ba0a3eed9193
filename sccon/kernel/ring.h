/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes that wait to be sent, in a buffer whose size is a power of two. Who calls has a lock. Compiled for user space,
 * too, where it is tested.
 */
#ifndef SCCON_RING_H
#define SCCON_RING_H

#ifdef __KERNEL__
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <string.h>
#endif

struct sccon_ring {
	unsigned char *bytes;
	unsigned int size;

	/* How many bytes ever went in and came out; their difference is what waits. Both may wrap around. */
	unsigned int in;
	unsigned int out;
};

static inline unsigned int sccon_ring_used(const struct sccon_ring *ring)
{
	return ring->in - ring->out;
}

static inline unsigned int sccon_ring_room(const struct sccon_ring *ring)
{
	return ring->size - sccon_ring_used(ring);
}

static inline unsigned int sccon_least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* As many as there is room for: returns how many. */
static inline unsigned int sccon_ring_put(struct sccon_ring *ring, const unsigned char *bytes, unsigned int count)
{
	unsigned int at = ring->in & (ring->size - 1);
	unsigned int first;

	count = sccon_least(count, sccon_ring_room(ring));
	first = sccon_least(count, ring->size - at);
	memcpy(ring->bytes + at, bytes, first);
	memcpy(ring->bytes, bytes + first, count - first);
	ring->in += count;
	return count;
}

/* Copies the oldest, also over the end of the buffer, and leaves them there: returns how many. */
static inline unsigned int sccon_ring_peek(const struct sccon_ring *ring, unsigned char *bytes, unsigned int count)
{
	unsigned int at = ring->out & (ring->size - 1);
	unsigned int first;

	count = sccon_least(count, sccon_ring_used(ring));
	first = sccon_least(count, ring->size - at);
	memcpy(bytes, ring->bytes + at, first);
	memcpy(bytes + first, ring->bytes, count - first);
	return count;
}

static inline void sccon_ring_drop(struct sccon_ring *ring, unsigned int count)
{
	ring->out += sccon_least(count, sccon_ring_used(ring));
}

/*
 * Text of the kernel: a line feed becomes a carriage return and a line feed. All of it or nothing, so that a message is
 * never cut: false if there is no room.
 */
static inline bool sccon_ring_put_text(struct sccon_ring *ring, const char *text, unsigned int count)
{
	unsigned int needed = count;

	for (unsigned int i = 0; i < count; i++)
		needed += text[i] == '\n';
	if (needed > sccon_ring_room(ring))
		return false;
	for (unsigned int i = 0, start = 0; i < count; i++) {
		if (text[i] == '\n') {
			sccon_ring_put(ring, (const unsigned char *)text + start, i - start);
			sccon_ring_put(ring, (const unsigned char *)"\r", 1);
			start = i;
		}
		if (i == count - 1)
			sccon_ring_put(ring, (const unsigned char *)text + start, count - start);
	}
	return true;
}

#endif
