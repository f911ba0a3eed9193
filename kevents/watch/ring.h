/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reading end of a BPF ring buffer. libbpf maps all of it, twice in a row; here a window moves
 * over it, so that a large buffer, which is hardly ever full, does not make the reader large.
 */
#ifndef KEVENTS_WATCH_RING_H
#define KEVENTS_WATCH_RING_H

#include <stddef.h>

struct ring;

/* fd: of the map, which stays the caller's; size: its bytes. 0 or a negative errno. */
int ring_new(int fd, size_t size, struct ring **ring);
/* Unmaps the buffer and frees it. */
void ring_free(struct ring *ring);

/* 0, or a negative number that ends ring_drain: what was given to it is taken all the same. */
typedef int ring_taker(const void *data, size_t size, void *context);

/* Gives what is there, oldest first, to take. 0, what take returned, or a negative errno. */
int ring_drain(struct ring *ring, ring_taker *take, void *context);

#endif
