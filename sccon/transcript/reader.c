// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of a file into records. */
#include "reader.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "reader_files.h"

/* Of a line: it is passed over. */
#define READER_NOTHING (-1000)

/* More of the file into the buffer: how many bytes; 0: its end. */
static ssize_t fill(struct reader *reader)
{
	struct stat st;
	ssize_t got;

	/* Whoever copied the file and emptied it begins anew. */
	if (!fstat(reader->descriptor, &st) && st.st_size < reader->offset) {
		reader->offset = 0;
		reader->gaps++;
	}
	memmove(reader->buffer, reader->buffer + reader->begin, reader->end - reader->begin);
	reader->end -= reader->begin;
	reader->begin = 0;
	do
		got = pread(reader->descriptor, reader->buffer + reader->end, READER_BUFFER - reader->end, reader->offset);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	reader->offset += got;
	reader->bytes_read += (__u64)got;
	reader->end += (size_t)got;
	return got;
}

/* The beginning of a record without any byte of a console: nothing is missing but a time. */
static bool is_torn_header(const char *text, size_t size)
{
	const size_t torn = strlen(RECORD_TORN);

	return size >= torn && size < RECORD_TIME_SIZE + 2 + torn && !memcmp(text + size - torn, RECORD_TORN, torn);
}

/* size bytes at begin, and `passed` of them with their end, are a line. */
static int take_line(struct reader *reader, size_t size, size_t passed, struct record *record, const char **line)
{
	char *text = reader->buffer + reader->begin;

	reader->begin += passed;
	text[size] = '\0';
	*line = text;
	if (!record_parse(text, size, record))
		return READER_RECORD;
	if (is_torn_header(text, size))
		return READER_NOTHING;
	reader->damaged++;
	return READER_DAMAGED;
}

/* What the file ends with, though no newline is behind it. */
static int take_torn(struct reader *reader, struct record *record, const char **line)
{
	size_t size = reader->end - reader->begin;

	memcpy(reader->buffer + reader->end, RECORD_TORN, strlen(RECORD_TORN));
	return take_line(reader, size + strlen(RECORD_TORN), size, record, line);
}

/* A line longer than any record: its beginning is shown, the rest passed over. */
static int take_too_long(struct reader *reader, const char **line)
{
	bool is_first = !reader->is_too_long;

	*line = reader->buffer + reader->begin;
	reader->buffer[reader->begin + 80] = '\0';
	reader->begin = reader->end;
	reader->is_too_long = true;
	reader->damaged += is_first;
	return is_first ? READER_DAMAGED : READER_END;
}

/* A line of the buffer; READER_END: it has none that is whole. */
static int take_buffered(struct reader *reader, struct record *record, const char **line)
{
	for (;;) {
		char *begin = reader->buffer + reader->begin, *newline = memchr(begin, '\n', reader->end - reader->begin);
		size_t size = newline ? (size_t)(newline - begin) : reader->end - reader->begin;

		if (newline && reader->is_too_long) {
			reader->is_too_long = false;
			reader->begin += size + 1;
			continue;
		}
		if (newline)
			return take_line(reader, size, size + 1, record, line);
		if (size >= RECORD_LINE_MAX)
			return take_too_long(reader, line);
		return READER_END;
	}
}

static int next(struct reader *reader, bool is_last, struct record *record, const char **line)
{
	for (;;) {
		int result = take_buffered(reader, record, line), moved;
		ssize_t got;

		if (result != READER_END)
			return result;
		got = fill(reader);
		if (got < 0)
			return (int)got;
		if (got > 0)
			continue;
		moved = reader_files_next(reader);
		if (moved == READER_MORE)
			continue;
		if (moved < 0)
			return moved;
		if (reader->begin < reader->end && !reader->is_too_long && (moved == READER_MOVED || is_last))
			return take_torn(reader, record, line);
		if (moved != READER_MOVED)
			return READER_END;
		reader->begin = reader->end = 0;
		reader->is_too_long = false;
	}
}

int reader_next(struct reader *reader, bool is_last, struct record *record, const char **line)
{
	int result;

	do
		result = next(reader, is_last, record, line);
	while (result == READER_NOTHING);
	return result;
}
