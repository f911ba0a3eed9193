// SPDX-License-Identifier: GPL-2.0-or-later
/* A perf map: each line keeps its bounds, and it does not matter in which pieces the text comes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "kevents/jit/perf_map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	uint64_t value, lines;
};

static int add_line(const struct perf_map_line *line, void *context)
{
	struct sum *sum = context;

	if (!line->size || line->start + line->size < line->start || !line->name_length ||
		line->name_length > PERF_MAP_NAME_MAX ||
		memchr(line->name, '\n', line->name_length))
		abort();
	sum->value = sum->value * 31 + line->start;
	sum->value = sum->value * 31 + line->size;
	for (size_t i = 0; i < line->name_length; i++)
		sum->value = sum->value * 31 + (uint8_t)line->name[i];
	sum->lines++;
	return 0;
}

static struct sum parse(const uint8_t *data, size_t size, size_t step)
{
	struct perf_map_parser parser = {0};
	struct sum sum = {0};

	for (size_t at = 0; at < size; at += step) {
		size_t length = size - at < step ? size - at : step;
		/* A copy of its own size: reading past it is found. */
		char *piece = malloc(length);

		if (!piece)
			break;
		memcpy(piece, data + at, length);
		if (perf_map_parse(&parser, piece, length, add_line, &sum))
			abort();
		free(piece);
	}
	if (parser.bad + sum.lines != parser.lines)
		abort();
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sum whole = parse(data, size, size ? size : 1);
	struct sum pieces = parse(data, size, size ? data[0] % 61 + 1 : 1);

	if (whole.value != pieces.value || whole.lines != pieces.lines)
		abort();
	return 0;
}
