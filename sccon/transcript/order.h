/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The times of a log, and the places of records by them.
 *
 * Clocks are set back. A record whose time is more than ORDER_SLACK before one that stands earlier in its file is marked when it is
 * written (record.h: is_behind). So the records without a mark are in order of time, but for ORDER_SLACK, and none that is marked is
 * later than those before it. A binary search looks at records without a mark alone, and misses none.
 */
#ifndef SCCON_TRANSCRIPT_ORDER_H
#define SCCON_TRANSCRIPT_ORDER_H

#include <stdbool.h>
#include <sys/types.h>
#include <linux/types.h>

/* Milliseconds. Lines and notes are written a little later than their time, so that they may change places. */
#define ORDER_SLACK 10000ULL

/* What is read at once. */
enum { ORDER_CHUNK = 16 << 10 };

struct order_place {
	off_t offset; /* of the record's first byte */
	__u64 time;
};

/*
 * The last record without a mark among the first size bytes of a file. 1; 0: there is none; a negative errno. *read grows by the
 * bytes that were read.
 */
int order_last(int descriptor, off_t size, struct order_place *place, __u64 *read);

/*
 * Where to begin to read for all records of that time or later: *offset is that of a record, and what stands before it is
 * earlier. 0 is the answer too if the file turns out not to be in order, as one that something else than this program wrote;
 * only what was looked at tells. 0 or a negative errno.
 */
int order_search(int descriptor, __u64 since, off_t *offset, __u64 *read);

#endif
