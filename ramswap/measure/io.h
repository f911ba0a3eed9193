/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages written to a block device and read from it, one at a time and with O_DIRECT: no cache is between. Swap has the
 * same way through the block layer, without the system call, which is part of the times.
 */
#ifndef RAMSWAP_MEASURE_IO_H
#define RAMSWAP_MEASURE_IO_H

#include "pages.h"
#include "signals.h"
#include "times.h"

/* What the functions work with. */
struct measure_io {
	int file; /* open with O_DIRECT */
	__u64 first; /* page of the device to begin at */
	const char *name; /* of the device, for errors */
	const struct measure_signals *signals;
	__u64 *times; /* room for one a page */
	__u32 *order; /* the same */
	struct measure_pages page; /* one, to read into */
	/* Called after each MEASURE_IO_STEP pages, and not in their times; NULL: not. */
	void (*moved)(void *context, size_t pages);
	void *context;
};

enum { MEASURE_IO_STEP = 64 };

/* Room for the times of so many pages: the others below take no more. 0; or a negative errno, and what was wrong. */
int measure_io_get(struct measure_io *io, size_t pages, struct ramswap_problem *problem);
void measure_io_put(struct measure_io *io);

/* All return 0; or a negative errno, and what was wrong: -EINTR: a signal came. */

/* Writes the pages one behind the other, from the first on. */
int measure_io_write(struct measure_io *io, const struct measure_pages *pages, struct measure_times *times,
	struct ramswap_problem *problem);

/* Reads them in a random order. -EIO: one is not what was written. */
int measure_io_compare(struct measure_io *io, const struct measure_pages *pages, struct measure_times *times,
	struct ramswap_problem *problem);

/* Reads count pages at random places of a device that has in_device. */
int measure_io_read(struct measure_io *io, size_t count, __u64 in_device, struct measure_times *times,
	struct ramswap_problem *problem);

#endif
