// SPDX-License-Identifier: GPL-2.0-or-later
#include "record.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "../../lib/text/text.h"
#include "../../lib/text/time.h"

static const char marks[] = "|/+<#";

/* The last millisecond of the year 9999. */
#define TIME_LAST 253402300799999ULL

const char *record_end(enum record_kind kind)
{
	return kind == RECORD_LINE_CRLF ? "\r\n" : kind == RECORD_LINE ? "\n" : "";
}

const char *record_kind_name(enum record_kind kind)
{
	switch (kind) {
	case RECORD_LINE_CRLF:
	case RECORD_LINE:
		return "line";
	case RECORD_PART:
		return "part";
	case RECORD_INPUT:
		return "input";
	case RECORD_NOTE:
		break;
	}
	return "note";
}

/* --- time */

void record_print_time(char *text, __u64 time)
{
	time_t seconds;
	struct tm parts;

	if (time > TIME_LAST)
		time = TIME_LAST;
	seconds = (time_t)(time / 1000);
	gmtime_r(&seconds, &parts);
	snprintf(text, RECORD_TIME_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned int)(parts.tm_year + 1900) % 10000,
		(unsigned int)(parts.tm_mon + 1) % 100, (unsigned int)parts.tm_mday % 100, (unsigned int)parts.tm_hour % 100,
		(unsigned int)parts.tm_min % 100, (unsigned int)parts.tm_sec % 100, (unsigned int)(time % 1000));
}

size_t record_parse_time(const char *text, __u64 *time)
{
	const char *rest = text;
	__u64 seconds, milliseconds = 0;

	if (!time_read(&rest, &seconds) || *rest++ != '.')
		return 0;
	for (int i = 0; i < 3; i++) {
		if (*rest < '0' || *rest > '9')
			return 0;
		milliseconds = 10 * milliseconds + (__u64)(*rest++ - '0');
	}
	if (*rest++ != 'Z')
		return 0;
	*time = seconds * 1000 + milliseconds;
	return (size_t)(rest - text);
}

/* --- text */

size_t record_print(char *line, __u64 time, enum record_kind kind, const char *text, size_t size)
{
	char *end = line + RECORD_TIME_SIZE - 1;

	record_print_time(line, time);
	*end++ = ' ';
	*end++ = marks[kind];
	*end++ = ' ';
	end += safe_text_into(end, text, size);
	*end++ = '\n';
	*end = '\0';
	return (size_t)(end - line);
}

/* The bytes that safe text stands for. What is left of an escape at the end of a torn line is no text. */
static int take_text(const char *text, size_t size, struct record *record)
{
	size_t used = safe_text_parse(text, size, record->text, RECORD_TEXT_MAX, &record->size);

	record->text[record->size] = '\0';
	if (used == size || (record->is_torn && size - used < 4 && text[used] == '\\'))
		return 0;
	return -EBADMSG;
}

void record_mark(char *line, bool is_behind)
{
	line[RECORD_TIME_SIZE - 1] = is_behind ? '~' : ' ';
}

int record_parse_header(const char *line, size_t size, __u64 *time, bool *is_behind)
{
	size_t used = size < RECORD_HEADER_SIZE ? 0 : record_parse_time(line, time);

	if (!used || !strchr(" ~", line[used]) || !strchr(marks, line[used + 1]) || line[used + 2] != ' ' || !line[used] ||
		!line[used + 1])
		return -EBADMSG;
	*is_behind = line[used] == '~';
	return 0;
}

int record_parse(const char *line, size_t size, struct record *record)
{
	size_t used = RECORD_HEADER_SIZE;
	const size_t torn = strlen(RECORD_TORN);
	int err = record_parse_header(line, size, &record->time, &record->is_behind);

	if (err)
		return err;
	record->kind = (enum record_kind)(strchr(marks, line[RECORD_TIME_SIZE]) - marks);
	record->is_torn = size >= used + torn && !memcmp(line + size - torn, RECORD_TORN, torn);
	if (record->is_torn)
		size -= torn;
	if (record->is_torn && record->kind <= RECORD_LINE)
		record->kind = RECORD_PART;
	return take_text(line + used, size - used, record);
}
