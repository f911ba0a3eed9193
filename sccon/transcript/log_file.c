// SPDX-License-Identifier: GPL-2.0-or-later
/* Records on their way into the file. */
#include "log_file.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "log_file_parts.h"
#include "order.h"
#include "record.h"

/* Rotation that failed is tried again after this time, in milliseconds. */
#define ROTATE_RETRY 10000ULL

/* --- the memory */

static void note_missing(struct log_file *file, __u64 now)
{
	char text[96], *place = file->waiting + file->waiting_size;

	snprintf(text, sizeof(text), "%llu record%s missing here: the log could not be written",
		(unsigned long long)file->missing, file->missing == 1 ? " is" : "s are");
	file->waiting_size += record_print(place, now, RECORD_NOTE, text, strlen(text));
	file->missing = 0;
}

void log_file_add(struct log_file *file, __u64 now, const char *record, size_t size)
{
	if (file->missing || file->waiting_size + size > LOG_FILE_WAITING_MAX)
		log_file_write(file, now);
	/* What follows a gap comes behind its note. */
	if (file->missing || file->waiting_size + size > LOG_FILE_WAITING_MAX) {
		file->missing++;
		file->dropped++;
		return;
	}
	memcpy(file->waiting + file->waiting_size, record, size);
	file->waiting_size += size;
	file->records++;
}

/* The records that fit into size bytes, at least one. */
static size_t whole_records(const struct log_file *file, __u64 size)
{
	const char *last;

	if (size >= file->waiting_size)
		return file->waiting_size;
	last = size ? memrchr(file->waiting, '\n', (size_t)size) : NULL;
	if (!last)
		last = memchr(file->waiting, '\n', file->waiting_size);
	return (size_t)(last - file->waiting) + 1;
}

/* --- the file */

static bool must_rotate(const struct log_file *file, __u64 now)
{
	const struct log_file_settings *settings = &file->settings;

	/* Not in the middle of a record, and not if nothing would become of it. */
	if (file->waiting_done || !file->size || (file->is_not_rotated && now - file->tried < ROTATE_RETRY))
		return false;
	if (settings->rotate_age && now >= file->first && now - file->first >= settings->rotate_age)
		return true;
	return settings->rotate_size && file->size + whole_records(file, 0) > settings->rotate_size;
}

static void rotate(struct log_file *file, __u64 now)
{
	int err = log_file_rotate(file, now);

	if (!err) {
		file->rotations++;
		file->is_not_rotated = false;
		return;
	}
	file->tried = now;
	if (!file->is_not_rotated)
		file->tell(file->context, LOG_FILE_NOT_ROTATED, err);
	file->is_not_rotated = true;
}

/* Which of the records in the first size bytes have an earlier time than one before them: see order.h. */
static void mark_records(struct log_file *file, size_t size)
{
	while (file->waiting_marked < size) {
		char *record = file->waiting + file->waiting_marked, *newline = memchr(record, '\n', size - file->waiting_marked);
		__u64 time = file->newest;
		bool is_behind;

		record_parse_header(record, RECORD_HEADER_SIZE, &time, &is_behind);
		record_mark(record, time + ORDER_SLACK < file->newest);
		if (time > file->newest)
			file->newest = time;
		file->waiting_marked += (size_t)(newline - record) + 1;
	}
}

/* Some of what waits; a negative errno: none. */
static int write_some(struct log_file *file, __u64 now)
{
	__u64 most = file->settings.rotate_size, used = file->size - file->waiting_done;
	size_t size = most && !file->is_not_rotated ? whole_records(file, most > used ? most - used : 0) : file->waiting_size, whole;
	const char *newline;
	ssize_t written;

	mark_records(file, size);
	written = write(file->descriptor, file->waiting + file->waiting_done, size - file->waiting_done);
	if (written < 0)
		return errno == EINTR ? 0 : -errno;
	if (!file->size)
		file->first = now;
	file->size += (__u64)written;
	file->bytes += (__u64)written;
	file->waiting_done += (size_t)written;
	/* A full disk may end it in the middle of a record, which then is the first of those that wait. */
	newline = memrchr(file->waiting, '\n', file->waiting_done);
	whole = newline ? (size_t)(newline - file->waiting) + 1 : 0;
	file->waiting_size -= whole;
	file->waiting_done -= whole;
	file->waiting_marked -= whole;
	memmove(file->waiting, file->waiting + whole, file->waiting_size);
	return 0;
}

void log_file_write(struct log_file *file, __u64 now)
{
	int err = 0;

	while ((file->waiting_size || file->missing) && !err) {
		if (!file->waiting_size)
			note_missing(file, now);
		if (must_rotate(file, now))
			rotate(file, now);
		err = write_some(file, now);
	}
	if (!err && !file->is_failing)
		return;
	if (err && file->is_failing)
		return;
	file->is_failing = err;
	file->tell(file->context, err ? LOG_FILE_FAILING : LOG_FILE_WRITTEN_AGAIN, err);
}

int log_file_reopen(struct log_file *file, __u64 now)
{
	int err;

	log_file_write(file, now);
	/* A record that a full disk cut is written whole into the new file, and its beginning taken back here. */
	if (file->waiting_done) {
		if (ftruncate(file->descriptor, (off_t)(file->size - file->waiting_done)))
			return -errno;
		file->size -= file->waiting_done;
		file->waiting_done = 0;
	}
	err = log_file_open_again(file, now);
	log_file_write(file, now);
	return err;
}

__u64 log_file_close(struct log_file *file, __u64 now)
{
	const char *record, *end;
	__u64 lost;

	log_file_write(file, now);
	lost = file->missing;
	end = file->waiting + file->waiting_size;
	for (record = file->waiting; record < end; record = (const char *)memchr(record, '\n', (size_t)(end - record)) + 1)
		lost++;
	fdatasync(file->descriptor);
	log_file_free(file);
	return lost;
}
