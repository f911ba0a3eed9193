// SPDX-License-Identifier: GPL-2.0-or-later
#include "log_print.h"
#include <string.h>
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../transcript/plain.h"

/* As it is in the file: whoever wrote that may have put anything in. */
static void print_line(const struct record *record)
{
	static char line[RECORD_LINE_MAX + 1];

	size_t size = record_print(line, record->time, record->kind, record->text, record->size);

	record_mark(line, record->is_behind);
	fwrite(line, 1, size, stdout);
}

static void print_json(const struct record *record)
{
	struct json_object *object = json_object_new_object();
	char time[RECORD_TIME_SIZE];

	record_print_time(time, record->time);
	json_add_string(object, "time", time);
	json_add_string(object, "kind", record_kind_name(record->kind));
	json_add_bytes(object, "text", record->text, record->size);
	if (record->kind <= RECORD_PART)
		json_add_string(object, "end", record_end(record->kind));
	if (record->is_torn)
		json_add_flag(object, "is_torn", true);
	if (record->is_behind)
		json_add_flag(object, "is_behind", true);
	json_put_line(object);
}

void log_print(enum log_form form, struct record *record)
{
	switch (form) {
	case LOG_PLAIN:
		record->size = text_make_plain(record->text, record->size);
		print_line(record);
		break;
	case LOG_LINES:
		print_line(record);
		break;
	case LOG_RAW:
		if (record->kind > RECORD_PART)
			break;
		fwrite(record->text, 1, record->size, stdout);
		fputs(record_end(record->kind), stdout);
		break;
	case LOG_JSON:
		print_json(record);
		break;
	}
}

void console_print_safely(FILE *out, const char *bytes, size_t size)
{
	const char *end = bytes + size;

	while (bytes < end) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes)), *stop = newline ? newline : end;

		/* A carriage return before the end of a line is a part of that. */
		if (newline && stop > bytes && stop[-1] == '\r')
			stop--;
		print_safely_sized(out, bytes, (size_t)(stop - bytes));
		putc('\n', out);
		bytes = newline ? newline + 1 : end;
	}
}
