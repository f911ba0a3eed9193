// SPDX-License-Identifier: GPL-2.0-or-later
#include "journal.h"
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>
#include "../enforce/event_text.h"
#include "../../lib/text/text.h"

/* For journalctl MESSAGE_ID=...: documented in digsigd(8). */
#define MESSAGE_DENIED "8489a5967fa34f079ede56a5bf0bcee1"
#define MESSAGE_ALLOWED "04faa5efcf0243c6bd02aa7175848fdd"
#define MESSAGE_REPEATED "8815f18f55004ba2975611f77625607b"
#define MESSAGE_MISSING "75cd2511492041d9b5718626533cf0d4"

#define FIELDS_MAX 40

struct fields {
	struct iovec field[FIELDS_MAX];
	int count;
};

static bool is_word(struct json_object *entry, const char *name, const char *word)
{
	struct json_object *value = json_object_object_get(entry, name);

	return value && !strcmp(json_object_get_string(value), word);
}

static const char *message_id(struct json_object *entry)
{
	if (is_word(entry, "note", "repeated"))
		return MESSAGE_REPEATED;
	if (json_object_object_get(entry, "note"))
		return MESSAGE_MISSING;
	return is_word(entry, "action", "denied") ? MESSAGE_DENIED : MESSAGE_ALLOWED;
}

static int priority_of(struct json_object *entry)
{
	if (is_word(entry, "verdict", "ok"))
		return LOG_INFO;
	if (is_word(entry, "note", "repeated") || is_word(entry, "action", "allowed"))
		return LOG_NOTICE;
	return LOG_WARNING;
}

static char *words_of(struct json_object *entry)
{
	char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);

	if (!out)
		return NULL;
	event_print_words(out, entry, false);
	fclose(out);
	return words;
}

static void add_field(
	struct fields *fields, const char *prefix, const char *name, const char *value)
{
	char *text;
	int size;

	if (fields->count == FIELDS_MAX)
		return;
	size = asprintf(&text, "%s%s=%s", prefix, name, value);
	if (size < 0)
		return;
	for (char *at = text; *at != '='; at++)
		*at = (char)toupper((unsigned char)*at);
	fields->field[fields->count++] =
		(struct iovec){ .iov_base = text, .iov_len = (size_t)size };
}

static void send_to_journal(struct json_object *entry, const char *words)
{
	struct json_object_iterator member = json_object_iter_begin(entry);
	struct json_object_iterator end = json_object_iter_end(entry);
	struct fields fields = { .count = 0 };
	char priority[2] = { (char)('0' + priority_of(entry)), 0 };

	add_field(&fields, "", "MESSAGE", words);
	add_field(&fields, "", "MESSAGE_ID", message_id(entry));
	add_field(&fields, "", "PRIORITY", priority);
	add_field(&fields, "", "SYSLOG_IDENTIFIER", "digsigd");
	for (; !json_object_iter_equal(&member, &end); json_object_iter_next(&member)) {
		struct json_object *value = json_object_iter_peek_value(&member);

		if (value)
			add_field(&fields, "DIGSIG_", json_object_iter_peek_name(&member),
				json_object_get_string(value));
	}
	sd_journal_sendv(fields.field, fields.count);
	for (int i = 0; i < fields.count; i++)
		free(fields.field[i].iov_base);
}

void journal_write(struct json_object *entry, bool has_file)
{
	char *words = words_of(entry);

	if (!words)
		return;
	if (!access("/run/systemd/journal/socket", F_OK))
		send_to_journal(entry, words);
	else if (!access("/dev/log", F_OK))
		syslog(LOG_DAEMON | priority_of(entry), "%s", words);
	else if (!has_file)
		tell(priority_of(entry), "%s", words);
	free(words);
}

void tell(int priority, const char *format, ...)
{
	va_list arguments;
	char *text, *line;
	int size;

	va_start(arguments, format);
	size = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (size < 0)
		return;
	/* systemd takes the priority from the front of the line: sd-daemon(3). */
	size = getenv("JOURNAL_STREAM") ? asprintf(&line, "<%d>%s\n", priority, text) :
					  asprintf(&line, "digsigd: %s\n", text);
	if (size >= 0) {
		fputs(line, stderr);
		free(line);
	}
	free(text);
}
