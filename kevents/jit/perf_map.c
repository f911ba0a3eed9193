// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include "perf_map.h"

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads a number and the spaces after it, of which there is at least one. */
static bool read_number(const char **at, const char *end, uint64_t *number)
{
	const char *first;

	if (end - *at > 2 && (*at)[0] == '0' && ((*at)[1] | 0x20) == 'x')
		*at += 2;
	first = *at;
	for (*number = 0; *at < end && digit_value(**at) >= 0; ++*at) {
		if (*number >> 60)
			return false;
		*number = *number << 4 | (uint64_t)digit_value(**at);
	}
	if (*at == first || *at == end || (**at != ' ' && **at != '\t'))
		return false;
	while (*at < end && (**at == ' ' || **at == '\t'))
		++*at;
	return true;
}

int perf_map_parse_line(const char *line, size_t length, struct perf_map_line *parsed)
{
	const char *at = line, *end = line + length;
	uint64_t past;

	if (!read_number(&at, end, &parsed->start) || !read_number(&at, end, &parsed->size))
		return -EINVAL;
	if (end > at && end[-1] == '\r')
		end--;
	if (at == end || !parsed->size ||
		__builtin_add_overflow(parsed->start, parsed->size, &past))
		return -EINVAL;
	parsed->name = at;
	parsed->name_length = (size_t)(end - at);
	if (parsed->name_length > PERF_MAP_NAME_MAX)
		parsed->name_length = PERF_MAP_NAME_MAX;
	return 0;
}

/* The line that is kept is whole. */
static int take_line(struct perf_map_parser *parser,
	int (*take)(const struct perf_map_line *line, void *context), void *context)
{
	struct perf_map_line line;
	int err;

	err = perf_map_parse_line(parser->line, parser->length, &line);
	parser->length = 0;
	parser->lines++;
	if (!err)
		return take(&line, context);
	parser->bad++;
	return 0;
}

int perf_map_parse(struct perf_map_parser *parser, const char *text, size_t size,
	int (*take)(const struct perf_map_line *line, void *context), void *context)
{
	const char *end = text + size;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((newline ? newline : end) - text);
		size_t room = sizeof(parser->line) - parser->length;
		int err;

		/* Past the room there is only more of a name that is cut anyway. */
		memcpy(parser->line + parser->length, text, length < room ? length : room);
		parser->length += length < room ? length : room;
		if (!newline)
			return 0;
		text = newline + 1;
		err = take_line(parser, take, context);
		if (err)
			return err;
	}
	return 0;
}
