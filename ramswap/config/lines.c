// SPDX-License-Identifier: GPL-2.0-or-later
#include "lines.h"
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SPACES " \t\r\v\f"

struct reader {
	struct ini_line line;
	char section[INI_SECTION_MAX + 1];
	const char *at, *end; /* the text that is left */
	ini_take take;
	void *context;
	struct ramswap_problem *problem;
	int err; /* of the first line that is wrong */
};

int config_fail(struct ramswap_problem *problem, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	return err;
}

/* Of the first error alone. */
static void fail(struct reader *reader, int err, const char *reason)
{
	if (reader->err)
		return;
	reader->err = config_fail(reader->problem, err, "%.200s:%u: %.280s", reader->line.file, reader->line.number,
		reason);
}

static void give(struct reader *reader, const char *name, const char *value)
{
	struct ramswap_problem problem = { "" };
	int err;

	reader->line.section = reader->section;
	reader->line.name = name;
	reader->line.value = value;
	err = reader->take(reader->context, &reader->line, &problem);
	if (err)
		fail(reader, err, err == -EINVAL ? problem.text : strerror(-err));
}

/* One space in place of several, and none around. */
static bool copy_section(char *section, const char *text, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		bool is_space = strchr(SPACES, text[i]);

		if (is_space && (!used || section[used - 1] == ' '))
			continue;
		if (used == INI_SECTION_MAX)
			return false;
		section[used++] = is_space ? ' ' : text[i];
	}
	if (used && section[used - 1] == ' ')
		used--;
	section[used] = 0;
	return true;
}

/* libinih would cut a long one, and does not tell of one without a setting. */
static void take_section(struct reader *reader, const char *line)
{
	size_t length = strcspn(line + 1, "]");
	const char *behind = line + 1 + length;

	if (*behind != ']') {
		fail(reader, -EINVAL, "a section ends with ]");
		return;
	}
	behind += 1 + strspn(behind + 1, SPACES "\n");
	if (*behind && *behind != ';' && *behind != '#')
		fail(reader, -EINVAL, "nothing but a comment stands behind [section]");
	else if (!copy_section(reader->section, line + 1, length))
		fail(reader, -EINVAL, "the section's name is too long");
	else
		give(reader, NULL, NULL);
}

/* The next line into line, without the spaces before it: libinih would take it for more of the one before. */
static bool copy_line(struct reader *reader, char *line, size_t room)
{
	const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at)), *begin = reader->at;
	const char *end = newline ? newline : reader->end;
	size_t length;

	reader->line.number++;
	reader->at = newline ? newline + 1 : reader->end;
	while (begin < end && *begin && strchr(SPACES, *begin))
		begin++;
	length = (size_t)(end - begin);
	if (memchr(begin, 0, length))
		fail(reader, -EINVAL, "a NUL byte: this is not a text");
	/* A comment has any length. */
	else if (length && (*begin == '#' || *begin == ';'))
		length = 0;
	else if (length > CONFIG_LINE_MAX || length + 2 > room)
		fail(reader, -EINVAL, "the line is longer than 197 bytes");
	if (reader->err)
		return false;
	memcpy(line, begin, length);
	memcpy(line + length, "\n", 2);
	return true;
}

/* Gives libinih a line, as fgets does. */
static char *read_line(char *line, int size, void *context)
{
	struct reader *reader = context;

	if (reader->err || reader->at == reader->end || !copy_line(reader, line, (size_t)size))
		return NULL;
	if (*line == '[')
		take_section(reader, line);
	return reader->err ? NULL : line;
}

/* libinih's handler: 0 is an error. Its section may be cut. */
static int take_setting(void *context, const char *section, const char *name, const char *value)
{
	struct reader *reader = context;

	(void)section;
	if (!reader->err)
		give(reader, name, value);
	return !reader->err;
}

int config_read_lines(const char *file, const char *text, size_t size, ini_take take, void *context,
	struct ramswap_problem *problem)
{
	struct reader reader = {
		.line.file = file,
		.at = text,
		.end = text + size,
		.take = take,
		.context = context,
		.problem = problem,
	};
	int line = ini_parse_stream(read_line, &reader, take_setting, &reader);

	if (line > 0 && !reader.err) {
		reader.line.number = (unsigned int)line;
		fail(&reader, -EINVAL, "neither [section] nor NAME = VALUE nor a comment");
	} else if (line < 0) {
		fail(&reader, -ENOMEM, strerror(ENOMEM));
	}
	return reader.err;
}
