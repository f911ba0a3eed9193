// SPDX-License-Identifier: GPL-2.0-or-later
#include "lines.h"
#include <string.h>

static void hand_over(struct lines *lines, struct line *line, enum record_kind kind)
{
	size_t size = line->size;

	if (kind == RECORD_LINE && size && line->text[size - 1] == '\r') {
		kind = RECORD_LINE_CRLF;
		size--;
	}
	line->text[size] = '\0';
	line->size = 0;
	lines->take(lines->context, line->time, kind, line->text, size);
}

/* Adds to the line what fits; how much that is. A full line goes on in another record. */
static size_t add(struct lines *lines, struct line *line, enum record_kind part, __u64 time, const char *bytes, size_t size)
{
	size_t room = RECORD_TEXT_MAX - line->size, length = size < room ? size : room;

	if (!line->size)
		line->time = time;
	memcpy(line->text + line->size, bytes, length);
	line->size += length;
	if (line->size == RECORD_TEXT_MAX && length < size)
		hand_over(lines, line, part);
	return length;
}

void lines_put(struct lines *lines, __u64 time, const char *bytes, size_t size)
{
	const char *end = bytes + size;

	while (bytes < end) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		const char *stop = newline ? newline : end;

		if (bytes == stop) {
			if (!lines->output.size)
				lines->output.time = time;
			hand_over(lines, &lines->output, RECORD_LINE);
			bytes++;
			continue;
		}
		bytes += add(lines, &lines->output, RECORD_PART, time, bytes, (size_t)(stop - bytes));
	}
}

void lines_put_input(struct lines *lines, __u64 time, const char *bytes, size_t size)
{
	while (size) {
		size_t length = 0;

		while (length < size && bytes[length] != '\r' && bytes[length] != '\n')
			length++;
		if (length < size)
			length++;
		length = add(lines, &lines->input, RECORD_INPUT, time, bytes, length);
		bytes += length;
		size -= length;
		if (lines->input.size && (bytes[-1] == '\r' || bytes[-1] == '\n'))
			hand_over(lines, &lines->input, RECORD_INPUT);
	}
}

void lines_flush(struct lines *lines)
{
	if (lines->output.size)
		hand_over(lines, &lines->output, RECORD_PART);
	if (lines->input.size)
		hand_over(lines, &lines->input, RECORD_INPUT);
}

void lines_note(struct lines *lines, __u64 time, const char *text)
{
	char note[RECORD_TEXT_MAX + 1];
	size_t size = strnlen(text, RECORD_TEXT_MAX);

	memcpy(note, text, size);
	note[size] = '\0';
	lines->take(lines->context, time, RECORD_NOTE, note, size);
}

bool lines_wait(const struct lines *lines, __u64 *since)
{
	const struct line *output = &lines->output, *input = &lines->input;

	if (!output->size && !input->size)
		return false;
	*since = !input->size || (output->size && output->time < input->time) ? output->time : input->time;
	return true;
}
