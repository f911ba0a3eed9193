/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a log with its earlier files, the oldest first, and follows it over rotations. */
#ifndef SCCON_TRANSCRIPT_READER_H
#define SCCON_TRANSCRIPT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "record.h"

enum {
	READER_BUFFER = 64 << 10,
	READER_FILES_MAX = 10000, /* the highest number of an earlier file that is looked for */
};

struct reader {
	char *name; /* in the folder */
	int folder, descriptor;
	off_t offset; /* in the file, of what follows the buffer */
	__u64 since; /* what is earlier need not be read */
	__u64 bytes_read;
	size_t begin, end; /* of what was not taken yet, in the buffer */
	bool is_too_long; /* the rest of a line is passed over */
	__u64 damaged; /* lines that are no records */
	__u64 gaps; /* how often the file that was being read went away before the next one could be found */
	char buffer[READER_BUFFER + 8];
};

enum reader_result {
	READER_RECORD,
	READER_DAMAGED, /* *line is no record, or is too long: its beginning */
	READER_END, /* there is no more now */
};

/*
 * reader may be anything, and is large. since: milliseconds since 1970; records at the beginning of a file that are all earlier are left
 * out, as far as a binary search finds them: order.h. The others are the caller's to compare. 0; -EINVAL: the path is of no
 * regular file; another negative errno.
 */
int reader_open(struct reader *reader, const char *path, __u64 since);

/*
 * The next record; for READER_DAMAGED *line is the reader's until the next call, and has a 0 at its end. is_last: the end of
 * the file ends its last line, too, as torn. A negative errno: a file could not be read.
 */
int reader_next(struct reader *reader, bool is_last, struct record *record, const char **line);

void reader_close(struct reader *reader);

#endif
