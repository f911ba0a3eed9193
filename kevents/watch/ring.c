// SPDX-License-Identifier: GPL-2.0-or-later
/* The layout is that of linux/bpf.h and kernel/bpf/ringbuf.c: two pages with a position each, then
 * the data, which the kernel maps twice in a row, so that no record has a gap in it. */
#include "ring.h"
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* What is mapped at a time, and how much behind it, for a record that begins near its end. */
#define WINDOW (256u << 10)
#define BEHIND (64u << 10)

struct ring {
	int fd;
	size_t page, size;
	unsigned long *consumed; /* in bytes since the start, as is what was produced */
	const unsigned long *produced;
	const uint8_t *window; /* MAP_FAILED: none yet */
	size_t window_at;      /* in the data */
	size_t window_size, mapped_size;
};

static void unmap(const void *memory, size_t size)
{
	if (memory != MAP_FAILED)
		munmap((void *)(uintptr_t)memory, size);
}

int ring_new(int fd, size_t size, struct ring **ring)
{
	struct ring *new = calloc(1, sizeof(*new));
	int err = 0;

	if (!new)
		return -ENOMEM;
	new->fd = fd;
	new->size = size;
	new->page = (size_t)sysconf(_SC_PAGESIZE);
	new->window_size = size <= WINDOW ? size : WINDOW;
	new->mapped_size = size <= WINDOW ? 2 * size : WINDOW + BEHIND;
	new->window = MAP_FAILED;
	new->consumed = mmap(NULL, new->page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (new->consumed == MAP_FAILED)
		err = -errno;
	new->produced = mmap(NULL, new->page, PROT_READ, MAP_SHARED, fd, (off_t) new->page);
	if (!err && new->produced == MAP_FAILED)
		err = -errno;
	if (err)
		ring_free(new);
	else
		*ring = new;
	return err;
}

void ring_free(struct ring *ring)
{
	if (!ring)
		return;
	unmap(ring->consumed, ring->page);
	unmap(ring->produced, ring->page);
	unmap(ring->window, ring->mapped_size);
	free(ring);
}

/* Where the byte at that position is; NULL: it cannot be mapped. */
static const uint8_t *at_position(struct ring *ring, unsigned long position)
{
	size_t at = position & (ring->size - 1), start = at & ~(ring->window_size - 1);

	if (ring->window != MAP_FAILED && start == ring->window_at)
		return ring->window + (at - start);
	unmap(ring->window, ring->mapped_size);
	ring->window = mmap(NULL, ring->mapped_size, PROT_READ, MAP_SHARED, ring->fd,
		(off_t)(2 * ring->page + start));
	ring->window_at = start;
	return ring->window == MAP_FAILED ? NULL : ring->window + (at - start);
}

/* The consumer's position is moved after each record: the kernel wakes us if we are not behind. */
static int take_up_to(struct ring *ring, unsigned long end, ring_taker *take, void *context)
{
	unsigned long position = *ring->consumed;
	int err = 0;

	while (!err && position < end) {
		const uint8_t *header = at_position(ring, position);
		uint32_t length, size;

		if (!header)
			return -errno;
		length = __atomic_load_n((const uint32_t *)(const void *)header, __ATOMIC_ACQUIRE);
		if (length & BPF_RINGBUF_BUSY_BIT)
			return -EAGAIN; /* it is yet being written */
		size = length & ~BPF_RINGBUF_DISCARD_BIT;
		if (!(length & BPF_RINGBUF_DISCARD_BIT))
			err = take(header + BPF_RINGBUF_HDR_SZ, size, context);
		position += (BPF_RINGBUF_HDR_SZ + size + 7) & ~7UL;
		__atomic_store_n(ring->consumed, position, __ATOMIC_RELEASE);
	}
	return err;
}

int ring_drain(struct ring *ring, ring_taker *take, void *context)
{
	unsigned long end;
	int err = 0;

	while (!err) {
		end = __atomic_load_n(ring->produced, __ATOMIC_ACQUIRE);
		if (*ring->consumed == end)
			break;
		err = take_up_to(ring, end, take, context);
	}
	return err;
}
