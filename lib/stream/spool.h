/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages on disk, in the order of their numbers: a folder of files NUMBER.segment, NUMBER being that of the first
 * record in 16 hexadecimal digits. A segment is the 8 bytes "KKSPOOL1", and records (record.h), appended and never
 * changed. The file "position" says that all messages below a number are acknowledged; a segment with no others is
 * deleted. The file "lock" is locked while a process has the spool open.
 *
 * A segment of an earlier process gets no new records. What is at its end and is no whole record, as a crash leaves
 * it, is cut off; what is damaged between records is skipped. Both are counted.
 *
 * The functions do not lock: one thread at a time. They return 0 or a negative errno.
 */
#ifndef KERNKIT_STREAM_SPOOL_H
#define KERNKIT_STREAM_SPOOL_H

#include "record.h"

#define SPOOL_MAGIC "KKSPOOL1"
enum { SPOOL_HEADER = 8 };

struct spool;

struct spool_counts {
	__u64 records; /* that were found at the start, and are not acknowledged */
	__u64 bytes; /* of all segments */
	__u64 damaged; /* bytes: cut off, or skipped */
	__u64 next; /* the lowest number that a new record may have */
	__u64 position; /* all below are acknowledged */
	size_t segments;
};

/*
 * Opens the spool in folder, which is made if its parent exists, and reads all of it. segment_size: a segment that
 * has as many bytes is followed by another one. -EBUSY: another process has it open.
 */
int spool_open(const char *folder, __u64 segment_size, struct spool **spool);

void spool_counts(const struct spool *spool, struct spool_counts *counts);

/*
 * Appends records, count of them, encoded one behind the other; their numbers rise from first, which is at least
 * counts.next, to last. On an error none of them is in the spool.
 */
int spool_write(struct spool *spool, const void *bytes, size_t size, __u64 first, __u64 last);

/* What was written will be there after the machine stops. */
int spool_sync(struct spool *spool);

/*
 * The first record whose number is at least from; it stays until the next call. from must not be less than at the
 * call before. -ENODATA: there is none.
 */
int spool_read(struct spool *spool, __u64 from, struct spool_record *record);

/* All below position are acknowledged: writes that down, and deletes the segments that have no others. */
int spool_acknowledge(struct spool *spool, __u64 position);

void spool_close(struct spool *spool);

#endif
