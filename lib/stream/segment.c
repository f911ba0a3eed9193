// SPDX-License-Identifier: GPL-2.0-or-later
#include "segment.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "spool.h"

enum { CHUNK = 256 << 10 };

/*
 * Behind a damaged place the next record is looked for. Bytes made for it can look like the beginning of a large
 * record at many places; after so many checksums, of all that the segment has, the rest is given up.
 */
enum { SUMS_MAX = 4 };

void segment_begin(struct segment_reader *reader, int fd, __u64 end)
{
	*reader = (struct segment_reader){ .fd = fd, .end = end, .whole = SPOOL_HEADER };
}

void segment_end(struct segment_reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
	free(reader->buffer);
	reader->fd = -1;
	reader->buffer = NULL;
	reader->room = reader->filled = 0;
}

static int make_room(struct segment_reader *reader, size_t size)
{
	char *buffer;

	if (size <= reader->room)
		return 0;
	buffer = realloc(reader->buffer, size);
	if (!buffer)
		return -ENOMEM;
	reader->buffer = buffer;
	reader->room = size;
	return 0;
}

/* Has size bytes from offset on in the buffer, or what the segment has: *got of them. */
static int fill(struct segment_reader *reader, size_t size, size_t *got)
{
	size_t used = (size_t)(reader->offset - reader->start), wanted;
	int err;

	*got = reader->filled - used;
	if (size <= *got)
		return 0;
	if (used)
		memmove(reader->buffer, reader->buffer + used, *got);
	reader->start = reader->offset;
	reader->filled = *got;
	wanted = size > CHUNK ? size : CHUNK;
	if (wanted > reader->end - reader->start)
		wanted = (size_t)(reader->end - reader->start);
	err = make_room(reader, wanted);
	while (!err && reader->filled < wanted) {
		ssize_t count = pread(reader->fd, reader->buffer + reader->filled, wanted - reader->filled,
			(off_t)(reader->start + reader->filled));

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		if (!count) {
			reader->end = reader->start + reader->filled;
			break;
		}
		reader->filled += (size_t)count;
	}
	*got = reader->filled;
	return err;
}

static const char *at_offset(const struct segment_reader *reader)
{
	return reader->buffer + (reader->offset - reader->start);
}

/* Skips what is at offset, up to what may be a record, or to the end. */
static int skip(struct segment_reader *reader)
{
	__u64 began = reader->offset++;
	const char *found = NULL;
	size_t got = 0;
	int err = 0;

	while (!found && reader->offset < reader->end) {
		err = fill(reader, RECORD_HEADER, &got);
		if (err || got < RECORD_HEADER)
			break;
		found = memmem(at_offset(reader), got, RECORD_MAGIC, 4);
		reader->offset += found ? (size_t)(found - at_offset(reader)) : got - 3;
	}
	if (!found && !err)
		reader->offset = reader->end;
	reader->damaged += reader->offset - began;
	return err;
}

static int skip_header(struct segment_reader *reader)
{
	size_t got;
	int err = fill(reader, SPOOL_HEADER, &got);

	if (!err && got >= SPOOL_HEADER && !memcmp(at_offset(reader), SPOOL_MAGIC, SPOOL_HEADER))
		reader->offset = SPOOL_HEADER;
	return err;
}

static bool is_given_up(const struct segment_reader *reader)
{
	return reader->damaged && reader->summed > (SUMS_MAX + 1) * reader->end;
}

int segment_next(struct segment_reader *reader, struct spool_record *record)
{
	size_t got, needed = RECORD_HEADER;
	int err = 0;

	if (!reader->offset)
		err = skip_header(reader);
	while (!err && reader->offset < reader->end) {
		if (is_given_up(reader)) {
			reader->damaged += reader->end - reader->offset;
			reader->offset = reader->end;
			break;
		}
		err = fill(reader, needed, &got);
		if (err)
			return err;
		/* The file has become shorter. */
		if (!got)
			break;
		err = record_parse(at_offset(reader), got, record, &needed, &reader->summed);
		if (!err) {
			reader->offset += needed;
			reader->whole = reader->offset;
			return 0;
		}
		/* More bytes are needed; where there are none, it is not whole. */
		if (err == -EAGAIN && needed <= reader->end - reader->offset) {
			err = 0;
			continue;
		}
		err = skip(reader);
		needed = RECORD_HEADER;
	}
	return err ? err : -ENODATA;
}
