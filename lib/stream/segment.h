/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the records of one segment, whatever its bytes are. */
#ifndef KERNKIT_STREAM_SEGMENT_H
#define KERNKIT_STREAM_SEGMENT_H

#include "record.h"

/* Of a file that is longer the rest is damaged: no segment grows so far. */
#define SEGMENT_SIZE_MAX (64ULL << 20)

struct segment_reader {
	int fd; /* -1: none */
	__u64 offset; /* in the file: the next record, or the bytes before it */
	__u64 end; /* what may be read; it may grow */
	__u64 whole; /* where the last whole record ended */
	__u64 damaged; /* bytes that were skipped */
	__u64 summed; /* bytes whose checksum was made */
	char *buffer; /* bytes of the file from start on */
	__u64 start;
	size_t filled, room;
};

/* Begins to read fd, up to end; segment_end closes it. */
void segment_begin(struct segment_reader *reader, int fd, __u64 end);

/* The next record, which stays until the next call. -ENODATA: no more; or the disk's errno. */
int segment_next(struct segment_reader *reader, struct spool_record *record);

/* Closes the file; keeps the counts. */
void segment_end(struct segment_reader *reader);

#endif
