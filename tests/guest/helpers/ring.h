/* SPDX-License-Identifier: GPL-2.0-or-later */
/* io_uring(7) without a library: a ring of one entry, that is asked and waited for. */
#ifndef GUEST_RING_H
#define GUEST_RING_H

#include <linux/io_uring.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "report.h"

struct ring {
	int file;
	unsigned char *queue; /* both rings in one mapping, as every kernel since 5.4 has it */
	struct io_uring_sqe *entry;
	struct io_uring_params parameters;
};

static inline void open_ring(struct ring *ring)
{
	size_t size;

	ring->file = (int)syscall(SYS_io_uring_setup, 1, &ring->parameters);
	if (ring->file < 0)
		refused("io_uring_setup");
	size = ring->parameters.cq_off.cqes +
	       ring->parameters.cq_entries * sizeof(struct io_uring_cqe);
	ring->queue = mmap(
		NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring->file, IORING_OFF_SQ_RING);
	ring->entry = mmap(NULL, sizeof(*ring->entry), PROT_READ | PROT_WRITE, MAP_SHARED,
		ring->file, IORING_OFF_SQES);
	if (ring->queue == MAP_FAILED || ring->entry == MAP_FAILED)
		refused("mmap of the ring");
}

/* What the kernel answered: a number, or -1 with errno, as a system call would. */
static inline int ask_ring(struct ring *ring, const struct io_uring_sqe *entry)
{
	struct io_uring_params *at = &ring->parameters;
	_Atomic __u32 *tail = (_Atomic __u32 *)(ring->queue + at->sq_off.tail);
	_Atomic __u32 *head = (_Atomic __u32 *)(ring->queue + at->cq_off.head);
	struct io_uring_cqe *answers = (struct io_uring_cqe *)(ring->queue + at->cq_off.cqes);
	int answer;

	*ring->entry = *entry;
	((__u32 *)(ring->queue + at->sq_off.array))[0] = 0;
	atomic_fetch_add(tail, 1);
	if (syscall(SYS_io_uring_enter, ring->file, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		refused("io_uring_enter");
	answer = answers[atomic_load(head) & (at->cq_entries - 1)].res;
	atomic_fetch_add(head, 1);
	if (answer >= 0)
		return answer;
	errno = -answer;
	return -1;
}

#endif
