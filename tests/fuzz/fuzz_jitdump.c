// SPDX-License-Identifier: GPL-2.0-or-later
/* A jitdump: each record keeps its bounds, and it does not matter in which pieces the bytes come.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "kevents/jit/jitdump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	uint64_t value, records;
};

static int add_record(const struct jitdump_record *record, void *context)
{
	struct sum *sum = context;

	if (record->start + record->size < record->start ||
		record->name_length > JITDUMP_NAME_MAX ||
		(record->kind == JITDUMP_LOAD) != !!record->name ||
		(record->name && memchr(record->name, 0, record->name_length)))
		abort();
	sum->value = sum->value * 31 + record->start;
	sum->value = sum->value * 31 + record->size;
	sum->value = sum->value * 31 + record->time;
	for (size_t i = 0; i < record->name_length; i++)
		sum->value = sum->value * 31 + (uint8_t)record->name[i];
	sum->records++;
	return 0;
}

static struct sum parse(const uint8_t *data, size_t size, size_t step)
{
	struct jitdump_parser parser = {0};
	struct sum sum = {0};
	int err = 0;

	for (size_t at = 0; at < size && !err; at += step) {
		size_t length = size - at < step ? size - at : step;
		/* A copy of its own size: reading past it is found. */
		uint8_t *piece = malloc(length);

		if (!piece)
			break;
		memcpy(piece, data + at, length);
		err = jitdump_parse(&parser, piece, length, add_record, &sum);
		if (err && err != -EBADMSG)
			abort();
		free(piece);
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sum whole = parse(data, size, size ? size : 1);
	struct sum pieces = parse(data, size, size ? data[size - 1] % 61 + 1 : 1);

	if (whole.value != pieces.value || whole.records != pieces.records)
		abort();
	return 0;
}
