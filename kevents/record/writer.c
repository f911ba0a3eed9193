// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "../error.h"
#include "stored.h"

struct kevents_writer {
	int fd;
	int error; /* what the first write that failed said */
	struct stored_block block;
	uint8_t *bytes;	 /* room for the block's header, then its records */
	size_t capacity; /* for records */
	struct kevents_sums sums;
	bool has_sums;
};

static void copy_name(char to[65], const char *from)
{
	snprintf(to, 65, "%s", from);
}

static void describe_this_machine(struct kevents_recording_info *info)
{
	struct utsname names;

	memset(info, 0, sizeof(*info));
	info->monotonic = clock_now();
	info->realtime = clock_read(CLOCK_REALTIME);
	info->cpus = (uint32_t)sysconf(_SC_NPROCESSORS_CONF);
	info->page_size = (uint32_t)sysconf(_SC_PAGESIZE);
	if (uname(&names))
		return;
	copy_name(info->machine, names.machine);
	copy_name(info->release, names.release);
	copy_name(info->host, names.nodename);
}

static int write_all(struct kevents_writer *writer, const uint8_t *bytes, size_t size)
{
	while (size && !writer->error) {
		ssize_t written = write(writer->fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			writer->error = -errno;
			break;
		}
		bytes += written;
		size -= (size_t)written;
	}
	return writer->error;
}

static int write_header(struct kevents_writer *writer, const struct kevents_recording_info *info)
{
	uint8_t bytes[STORED_HEADER_SIZE];
	struct coder coder = {.bytes = bytes, .size = sizeof(bytes), .is_writing = true};
	struct kevents_recording_info copy;

	if (info)
		copy = *info;
	else
		describe_this_machine(&copy);
	code_header(&coder, &copy);
	return coder.is_bad ? -EINVAL : write_all(writer, bytes, sizeof(bytes));
}

int kevents_writer_new(int fd, const struct kevents_recording_info *info,
	struct kevents_writer **writer, struct kevents_error *error)
{
	struct kevents_writer *new;
	int err;

	if (!writer)
		return kevents_fail(error, -EINVAL, "no place for the writer");
	new = calloc(1, sizeof(*new));
	if (!new)
		return kevents_fail(error, -ENOMEM, "out of memory");
	new->fd = fd;
	err = write_header(new, info);
	if (err) {
		free(new);
		return kevents_fail(error, err, "cannot write: %s", strerror(-err));
	}
	*writer = new;
	return 0;
}

static int make_room(struct kevents_writer *writer, size_t size)
{
	size_t capacity = writer->block.size + size;
	uint8_t *bytes;

	if (capacity <= writer->capacity)
		return 0;
	if (capacity < 2 * STORED_BLOCK_FULL)
		capacity = 2 * STORED_BLOCK_FULL;
	bytes = realloc(writer->bytes, STORED_BLOCK_HEADER_SIZE + capacity);
	if (!bytes)
		return -ENOMEM;
	writer->bytes = bytes;
	writer->capacity = capacity;
	return 0;
}

static int write_block(struct kevents_writer *writer)
{
	uint8_t *records = writer->bytes + STORED_BLOCK_HEADER_SIZE;
	struct coder coder = {
		.bytes = writer->bytes, .size = STORED_BLOCK_HEADER_SIZE, .is_writing = true};
	int err;

	writer->block.magic = STORED_BLOCK_MAGIC;
	writer->block.crc = stored_crc(records, writer->block.size);
	code_block(&coder, &writer->block);
	err = write_all(writer, writer->bytes, STORED_BLOCK_HEADER_SIZE + writer->block.size);
	memset(&writer->block, 0, sizeof(writer->block));
	return err;
}

int kevents_writer_flush(struct kevents_writer *writer)
{
	if (!writer)
		return -EINVAL;
	if (writer->error || !writer->block.count)
		return writer->error;
	return write_block(writer);
}

int kevents_write(struct kevents_writer *writer, const struct kevents_record *record)
{
	struct kevents_record copy;
	struct coder coder;
	size_t size;
	int err;

	if (!writer || !record)
		return -EINVAL;
	if (writer->error)
		return writer->error;
	size = stored_size(record);
	if (size > STORED_RECORD_MAX)
		return -EMSGSIZE;
	err = make_room(writer, size);
	if (err)
		return err;
	coder = (struct coder){.bytes = writer->bytes + STORED_BLOCK_HEADER_SIZE,
		.size = writer->capacity,
		.at = writer->block.size,
		.is_writing = true};
	copy = *record;
	code_record(&coder, &copy);
	if (coder.is_bad)
		return -EINVAL;
	if (!writer->block.count++)
		writer->block.first_time = record->time;
	writer->block.last_time = record->time;
	writer->block.size = (uint32_t)coder.at;
	return coder.at >= STORED_BLOCK_FULL ? write_block(writer) : 0;
}

void kevents_writer_set_sums(struct kevents_writer *writer, const struct kevents_sums *sums)
{
	writer->sums = *sums;
	writer->has_sums = true;
}

/* A block without records. */
static int write_end(struct kevents_writer *writer)
{
	int err = make_room(writer, STORED_SUMS_SIZE);
	struct coder coder = {.size = STORED_SUMS_SIZE, .is_writing = true};

	if (err)
		return err;
	coder.bytes = writer->bytes + STORED_BLOCK_HEADER_SIZE;
	if (writer->has_sums)
		code_sums(&coder, &writer->sums);
	writer->block.size = (uint32_t)coder.at;
	return write_block(writer);
}

int kevents_writer_close(struct kevents_writer *writer)
{
	int err;

	if (!writer)
		return 0;
	err = kevents_writer_flush(writer);
	if (!err)
		err = write_end(writer);
	free(writer->bytes);
	free(writer);
	return err;
}
