// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../error.h"
#include "stored.h"

struct kevents_reader {
	int fd;
	struct kevents_recording_info info;
	struct stored_block block;
	uint8_t *bytes; /* of the block's records */
	size_t capacity;
	size_t at;
	uint32_t left;	/* records of the block that were not handed out */
	uint64_t total; /* that were */
	uint64_t time;	/* of the last one */
	struct kevents_sums sums;
	bool is_at_end, has_sums;
	int failure; /* once it is told, nothing more can be read */
};

/* Returns how many bytes there were: fewer than size only at the end of the file. */
static ssize_t read_all(int fd, uint8_t *bytes, size_t size)
{
	size_t at = 0;

	while (at < size) {
		ssize_t got = read(fd, bytes + at, size - at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		at += (size_t)got;
	}
	return (ssize_t)at;
}

static int read_header(struct kevents_reader *reader, struct kevents_error *error)
{
	uint8_t bytes[STORED_HEADER_SIZE];
	struct coder coder = {.bytes = bytes, .size = sizeof(bytes)};
	ssize_t got = read_all(reader->fd, bytes, sizeof(bytes));

	if (got < 0)
		return kevents_fail(error, (int)got, "cannot read: %s", strerror((int)-got));
	if ((size_t)got < sizeof(bytes))
		return kevents_fail(error, -EBADMSG, "not a recording of kevents: too short");
	code_header(&coder, &reader->info);
	if (!coder.is_bad)
		return 0;
	if (memcmp(bytes, "KEVENTS", 8) != 0)
		return kevents_fail(error, -EBADMSG, "not a recording of kevents");
	if (bytes[8] != STORED_VERSION || bytes[9] || bytes[10] || bytes[11])
		return kevents_fail(error, -EBADMSG,
			"a recording of version %u: this program knows version %u", bytes[8],
			STORED_VERSION);
	return kevents_fail(error, -EBADMSG, "the recording's header is damaged");
}

int kevents_reader_new(int fd, struct kevents_reader **reader, struct kevents_error *error)
{
	struct kevents_reader *new;
	int err;

	if (!reader)
		return kevents_fail(error, -EINVAL, "no place for the reader");
	new = calloc(1, sizeof(*new));
	if (!new)
		return kevents_fail(error, -ENOMEM, "out of memory");
	new->fd = fd;
	err = read_header(new, error);
	if (err) {
		free(new);
		return err;
	}
	*reader = new;
	return 0;
}

void kevents_reader_close(struct kevents_reader *reader)
{
	if (!reader)
		return;
	free(reader->bytes);
	free(reader);
}

void kevents_reader_info(const struct kevents_reader *reader, struct kevents_recording_info *info)
{
	*info = reader->info;
}

static int cut_off(const struct kevents_reader *reader, struct kevents_error *error)
{
	return kevents_fail(error, -EBADMSG,
		"the recording ends in the middle: the %llu records before are whole",
		(unsigned long long)reader->total);
}

static int damaged(const struct kevents_reader *reader, struct kevents_error *error)
{
	return kevents_fail(error, -EBADMSG,
		"the recording is damaged behind its record %llu: the rest cannot be made out",
		(unsigned long long)reader->total);
}

static int make_room(struct kevents_reader *reader, size_t size)
{
	uint8_t *bytes;

	if (size <= reader->capacity)
		return 0;
	bytes = realloc(reader->bytes, size);
	if (!bytes)
		return -ENOMEM;
	reader->bytes = bytes;
	reader->capacity = size;
	return 0;
}

static int read_block_header(struct kevents_reader *reader, struct kevents_error *error)
{
	uint8_t bytes[STORED_BLOCK_HEADER_SIZE];
	struct coder coder = {.bytes = bytes, .size = sizeof(bytes)};
	ssize_t got = read_all(reader->fd, bytes, sizeof(bytes));

	if (got < 0)
		return kevents_fail(error, (int)got, "cannot read: %s", strerror((int)-got));
	if ((size_t)got < sizeof(bytes))
		return cut_off(reader, error);
	code_block(&coder, &reader->block);
	return coder.is_bad ? damaged(reader, error) : 0;
}

/*
 * Sizes come from a checked header, but a checksum is no proof: memory grows with what the file
 * really has.
 */
static int read_block_records(struct kevents_reader *reader, struct kevents_error *error)
{
	size_t at = 0, step = 1 << 20;

	while (at < reader->block.size) {
		size_t want = reader->block.size - at < step ? reader->block.size - at : step;
		int err = make_room(reader, at + want);
		ssize_t got;

		if (err)
			return kevents_fail(error, err, "out of memory");
		got = read_all(reader->fd, reader->bytes + at, want);
		if (got < 0)
			return kevents_fail(
				error, (int)got, "cannot read: %s", strerror((int)-got));
		if ((size_t)got < want)
			return cut_off(reader, error);
		at += want;
	}
	return 0;
}

static int read_sums(struct kevents_reader *reader, struct kevents_error *error)
{
	struct coder coder = {.size = reader->block.size};
	int err = read_block_records(reader, error);

	if (err || !reader->block.size)
		return err;
	coder.bytes = reader->bytes;
	code_sums(&coder, &reader->sums);
	reader->has_sums = !coder.is_bad &&
			   stored_crc(reader->bytes, reader->block.size) == reader->block.crc;
	return reader->has_sums ? 0 : damaged(reader, error);
}

/* 1: a block is there; 0: the end; *is_damaged: its records are not what was written. */
static int next_block(struct kevents_reader *reader, bool *is_damaged, struct kevents_error *error)
{
	int err = read_block_header(reader, error);

	if (err)
		return err;
	if (!reader->block.count)
		return read_sums(reader, error);
	err = read_block_records(reader, error);
	if (err)
		return err;
	reader->at = 0;
	reader->left = reader->block.count;
	*is_damaged = stored_crc(reader->bytes, reader->block.size) != reader->block.crc;
	return 1;
}

int kevents_reader_get_sums(const struct kevents_reader *reader, struct kevents_sums *sums)
{
	if (!reader->has_sums)
		return -ENODATA;
	*sums = reader->sums;
	return 0;
}

static void tell_lost(struct kevents_reader *reader, struct kevents_record *record)
{
	*record = (struct kevents_record){
		.type = KEVENTS_LOST,
		.time = reader->block.last_time,
		.cpu = KEVENTS_NO_CPU,
		.uid = (uint32_t)-1,
		.lost = {.count = reader->left,
			.since = reader->time,
			.why = KEVENTS_LOSS_RECORDING},
	};
	reader->left = 0;
	reader->time = record->time;
}

static bool take_record(struct kevents_reader *reader, struct kevents_record *record)
{
	struct coder coder = {.bytes = reader->bytes, .size = reader->block.size, .at = reader->at};

	memset(record, 0, sizeof(*record));
	code_record(&coder, record);
	if (coder.is_bad)
		return false;
	reader->at = coder.at;
	reader->left--;
	reader->total++;
	reader->time = record->time;
	return true;
}

int kevents_read(
	struct kevents_reader *reader, struct kevents_record *record, struct kevents_error *error)
{
	bool is_damaged = false;

	if (!reader || !record)
		return kevents_fail(error, -EINVAL, "no reader, or no place for the record");
	if (reader->failure)
		return kevents_fail(error, reader->failure, "nothing more can be read");
	if (reader->is_at_end)
		return 0;
	if (!reader->left) {
		int got = next_block(reader, &is_damaged, error);

		if (got < 0)
			reader->failure = got;
		if (!got)
			reader->is_at_end = true;
		if (got <= 0)
			return got;
	}
	if (is_damaged || !take_record(reader, record))
		tell_lost(reader, record);
	return 1;
}
