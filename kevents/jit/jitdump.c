// SPDX-License-Identifier: GPL-2.0-or-later
#include <byteswap.h>
#include <errno.h>
#include <string.h>
#include "jitdump.h"

#define MAGIC 0x4a695444U
#define FLAG_ARCH_TIMESTAMP 1

enum { CODE_LOAD, CODE_MOVE, CODE_DEBUG_INFO, CODE_CLOSE };

static uint32_t get_u32(const struct jitdump_parser *parser, size_t offset)
{
	uint32_t value;

	memcpy(&value, parser->kept + offset, sizeof(value));
	return parser->is_swapped ? bswap_32(value) : value;
}

static uint64_t get_u64(const struct jitdump_parser *parser, size_t offset)
{
	uint64_t value;

	memcpy(&value, parser->kept + offset, sizeof(value));
	return parser->is_swapped ? bswap_64(value) : value;
}

static int read_file_header(struct jitdump_parser *parser)
{
	uint32_t size;

	parser->is_swapped = false;
	if (get_u32(parser, 0) != MAGIC) {
		parser->is_swapped = true;
		if (get_u32(parser, 0) != MAGIC)
			return -EBADMSG;
	}
	size = get_u32(parser, 8);
	if (get_u32(parser, 4) != 1 || size < JITDUMP_FILE_HEADER || size > 4096)
		return -EBADMSG;
	parser->machine = get_u32(parser, 12);
	parser->pid = get_u32(parser, 20);
	parser->clock_is_tsc = get_u64(parser, 32) & FLAG_ARCH_TIMESTAMP;
	parser->has_header = true;
	parser->skip = size - JITDUMP_FILE_HEADER;
	parser->length = 0;
	return 0;
}

/* How much of the record that begins in kept is needed to read it; at most what kept has room for.
 */
static size_t needed(const struct jitdump_parser *parser)
{
	uint32_t total;

	if (!parser->has_header)
		return JITDUMP_FILE_HEADER;
	if (parser->length < JITDUMP_RECORD_HEADER)
		return JITDUMP_RECORD_HEADER;
	total = get_u32(parser, 4);
	switch (get_u32(parser, 0)) {
	case CODE_LOAD:
		return total < sizeof(parser->kept) ? total : sizeof(parser->kept);
	case CODE_MOVE:
		return total < JITDUMP_MOVE_FIXED ? total : JITDUMP_MOVE_FIXED;
	default:
		return JITDUMP_RECORD_HEADER;
	}
}

static bool overflows(uint64_t start, uint64_t size)
{
	uint64_t past;

	return __builtin_add_overflow(start, size, &past);
}

static int read_load(const struct jitdump_parser *parser, struct jitdump_record *record)
{
	const char *name = (const char *)parser->kept + JITDUMP_LOAD_FIXED;
	size_t room, length;

	if (get_u32(parser, 4) <= JITDUMP_LOAD_FIXED)
		return -EBADMSG;
	room = parser->length - JITDUMP_LOAD_FIXED;
	length = strnlen(name, room);
	record->kind = JITDUMP_LOAD;
	record->start = get_u64(parser, 24);
	record->size = get_u64(parser, 40);
	record->index = get_u64(parser, 48);
	record->name = name;
	record->name_length = length < JITDUMP_NAME_MAX ? length : JITDUMP_NAME_MAX;
	if (length == room && room <= JITDUMP_NAME_MAX) /* a name that has no end */
		return -EBADMSG;
	return overflows(record->start, record->size) ? -EBADMSG : 0;
}

static int read_move(const struct jitdump_parser *parser, struct jitdump_record *record)
{
	if (get_u32(parser, 4) < JITDUMP_MOVE_FIXED)
		return -EBADMSG;
	record->kind = JITDUMP_MOVE;
	record->start = get_u64(parser, 24);
	record->old_start = get_u64(parser, 32);
	record->size = get_u64(parser, 48);
	record->index = get_u64(parser, 56);
	return overflows(record->start, record->size) ? -EBADMSG : 0;
}

/* What is needed of the record is kept. */
static int read_record(struct jitdump_parser *parser,
	int (*take)(const struct jitdump_record *record, void *context), void *context)
{
	struct jitdump_record record = {.time = get_u64(parser, 8)};
	uint32_t id = get_u32(parser, 0), total = get_u32(parser, 4);
	int err = 0;

	if (total < JITDUMP_RECORD_HEADER)
		return -EBADMSG;
	parser->records++;
	if (id == CODE_LOAD) {
		parser->loads++;
		err = read_load(parser, &record);
	} else if (id == CODE_MOVE) {
		parser->moves++;
		err = read_move(parser, &record);
	} else if (id == CODE_CLOSE) {
		parser->is_closed = true;
	}
	if (!err && (id == CODE_LOAD || id == CODE_MOVE))
		err = take(&record, context);
	parser->skip = total - parser->length;
	parser->length = 0;
	return err;
}

static int read_kept(struct jitdump_parser *parser,
	int (*take)(const struct jitdump_record *record, void *context), void *context)
{
	/* needed() looks at what has just come, and may need more because of it. */
	if (parser->length < needed(parser))
		return 0;
	return parser->has_header ? read_record(parser, take, context) : read_file_header(parser);
}

int jitdump_parse(struct jitdump_parser *parser, const void *bytes, size_t size,
	int (*take)(const struct jitdump_record *record, void *context), void *context)
{
	const uint8_t *at = bytes, *end = at + size;
	int err = 0;

	while (!err && at < end && !parser->is_closed) {
		size_t left = (size_t)(end - at), step;

		if (parser->skip) {
			step = parser->skip < left ? (size_t)parser->skip : left;
			parser->skip -= step;
		} else {
			size_t missing = needed(parser) - parser->length;

			step = missing < left ? missing : left;
			memcpy(parser->kept + parser->length, at, step);
			parser->length += step;
			err = read_kept(parser, take, context);
		}
		at += step;
	}
	if (err)
		parser->is_closed = true;
	return err;
}
