// SPDX-License-Identifier: GPL-2.0-or-later
/* The input is a log to be read, and the bytes of a console to be logged: they come back as they were. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/file/write_whole.h"
#include "sccon/transcript/lines.h"
#include "sccon/transcript/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/kernkit-fuzz-XXXXXX", path[sizeof(folder) + 4];
static char *stream;
static size_t stream_size;

static void require(bool is_right)
{
	if (!is_right)
		abort();
}

static void leave(void)
{
	unlink(path);
	rmdir(folder);
}

static void enter(void)
{
	static bool is_in;

	if (is_in)
		return;
	is_in = true;
	require(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/log", folder);
	atexit(leave);
}

static struct record record;

/* Whatever a record is, printed it is one again, and the same. */
static void print_again(void)
{
	static char line[RECORD_LINE_MAX + 1];
	static struct record again;
	size_t size = record_print(line, record.time, record.kind, record.text, record.size);

	require(size <= RECORD_LINE_MAX && line[size - 1] == '\n');
	line[size - 1] = '\0';
	require(!strpbrk(line, "\x1b\n\r\x7f"));
	require(!record_parse(line, size - 1, &again));
	require(again.time == record.time && again.kind == record.kind && again.size == record.size && !again.is_torn);
	require(!memcmp(again.text, record.text, record.size));
}

/* From the time of some record on: what is left out stands before, whatever the order of the times. */
static void read_since(__u64 since, __u64 records, __u64 damaged)
{
	static struct reader reader;
	const char *line;
	int result;

	require(!reader_open(&reader, path, since));
	while ((result = reader_next(&reader, true, &record, &line)) != READER_END)
		if (result == READER_RECORD)
			records--;
	require(records < 1ULL << 63 && reader.damaged <= damaged && !reader.gaps);
	reader_close(&reader);
}

static void read_log(const uint8_t *data, size_t size)
{
	static struct reader reader;
	__u64 records = 0, since = 0;
	const char *line;
	int fd, result;

	enter();
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	require(fd >= 0 && !file_write_all(fd, data, size));
	close(fd);
	require(!reader_open(&reader, path, 0));
	while ((result = reader_next(&reader, true, &record, &line)) != READER_END)
		if (result == READER_RECORD) {
			if (records++ % 3 == 1)
				since = record.time;
			print_again();
		}
	require(!reader.gaps);
	reader_close(&reader);
	read_since(since + 1, records, reader.damaged);
	read_since(since + 20000, records, reader.damaged);
}

static void take(void *context, __u64 time, enum record_kind kind, const char *text, size_t size)
{
	static char line[RECORD_LINE_MAX + 1];
	size_t length = record_print(line, time, kind, text, size);
	const char *end;

	(void)context;
	line[length - 1] = '\0';
	require(!record_parse(line, length - 1, &record) && record.kind == kind);
	if (kind > RECORD_PART)
		return;
	end = record_end(kind);
	memcpy(stream + stream_size, record.text, record.size);
	memcpy(stream + stream_size + record.size, end, strlen(end));
	stream_size += record.size + strlen(end);
}

static void log_stream(const uint8_t *data, size_t size)
{
	static struct lines lines;
	size_t piece;

	lines.take = take;
	stream = malloc(size + 1);
	stream_size = 0;
	for (size_t at = 0; at < size; at += piece) {
		piece = 1 + data[at] * 16;
		if (piece > size - at)
			piece = size - at;
		lines_put(&lines, at, (const char *)data + at, piece);
		if (data[at] & 1)
			lines_put_input(&lines, at, (const char *)data + at, piece);
		if (data[at] == 2)
			lines_flush(&lines);
	}
	lines_flush(&lines);
	require(stream_size == size && !memcmp(stream, data, size));
	free(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_log(data, size);
	log_stream(data, size);
	return 0;
}
