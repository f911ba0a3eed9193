// SPDX-License-Identifier: GPL-2.0-or-later
#include "syslog_format.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "line.h"
#include "plain.h"

/* A PRI has no facility behind this one, local7. The kernel keeps whatever a program writes to /dev/kmsg. */
enum { FACILITY_MAX = 23, FACILITY_USER = 1 };

/* The longest name of a parameter. */
enum { NAME_MAX_SIZE = 32 };

/* A release, or a caller, that is longer is nobody's, and is cut. */
enum { HEADER_VALUE_MAX = 256 };

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static void add_header(struct bytes *to, unsigned int priority, const struct timespec *moment, const char *host,
	const char *program, const char *name)
{
	unsigned int facility = priority >> 3;
	char time[32];

	print_time(time, (__u64)moment->tv_sec);
	time[strlen(time) - 1] = '\0';
	bytes_print(to, "<%u>1 %s.%06uZ %s %s - %s ", (facility > FACILITY_MAX ? FACILITY_USER : facility) * 8 + (priority & 7),
		time, (unsigned int)(moment->tv_nsec / 1000) % 1000000, host, program, name);
}

/* Bytes as text that is UTF-8, and has no byte 0. */
static void add_valid(struct bytes *to, const char *bytes, size_t size)
{
	char *place;

	if (plain_is_utf8(bytes, size, NULL) && !memchr(bytes, '\0', size)) {
		bytes_add(to, bytes, size);
		return;
	}
	place = bytes_reserve(to, 4 * size);
	if (place)
		to->size += netcon_escape(bytes, size, place);
}

static void add_quoted(struct bytes *to, const char *text, size_t size)
{
	bytes_add(to, "\"", 1);
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '"' || text[i] == '\\' || text[i] == ']')
			bytes_add(to, "\\", 1);
		bytes_add(to, &text[i], 1);
	}
	bytes_add(to, "\"", 1);
}

/* text: of an extended message, with its escapes. */
static void add_value(struct bytes *to, const char *text, size_t size)
{
	struct bytes plain = { 0 }, valid = { 0 };

	plain_add(&plain, text, size);
	if (plain.size)
		add_valid(&valid, plain.bytes, plain.size);
	add_quoted(to, valid.bytes, valid.size);
	to->is_short = to->is_short || plain.is_short || valid.is_short;
	bytes_free(&plain);
	bytes_free(&valid);
}

static void add_number(struct bytes *to, const char *name, __u64 number)
{
	bytes_print(to, " %s=\"%llu\"", name, (unsigned long long)number);
}

static void add_parameter(struct bytes *to, const char *name, const char *text, size_t size)
{
	if (!text)
		return;
	bytes_print(to, " %s=", name);
	add_value(to, text, size < HEADER_VALUE_MAX ? size : HEADER_VALUE_MAX);
}

/* A name is of printable ASCII, without what ends it. */
static void add_name(struct bytes *to, const struct netcon_entry *entry)
{
	struct bytes plain = { 0 };

	plain_add(&plain, entry->name, entry->name_size);
	bytes_add(to, " ", 1);
	for (size_t i = 0; i < plain.size && i < NAME_MAX_SIZE; i++) {
		char letter = plain.bytes[i];

		if (letter <= ' ' || letter > '~' || letter == '=' || letter == ']' || letter == '"')
			letter = '_';
		bytes_add(to, &letter, 1);
	}
	bytes_add(to, "=", 1);
	to->is_short = to->is_short || plain.is_short;
	bytes_free(&plain);
}

static void add_dictionary(struct bytes *to, const struct netcon_message *message)
{
	struct netcon_entry entry;
	size_t place = 0;
	bool is_empty = true;

	while (netcon_entry_next(message, &place, &entry)) {
		if (!entry.name_size)
			continue;
		if (is_empty)
			bytes_print(to, "[dictionary@32473");
		is_empty = false;
		add_name(to, &entry);
		add_value(to, entry.value, entry.value_size);
	}
	if (!is_empty)
		bytes_add(to, "]", 1);
}

/* The element of netcon itself, but for its end. */
static void add_element(struct bytes *to, const struct received *received)
{
	const struct netcon_message *message = &received->message;

	bytes_print(to, "[netcon@32473");
	add_number(to, "port", ntohs(received->source.port));
	if (received->is_torn)
		add_number(to, "missing", received->missing);
	if (!message->is_extended)
		return;
	add_number(to, "seq", message->sequence);
	add_number(to, "time", message->time_us);
	add_parameter(to, "release", message->release, message->release_size);
	if (received->boot_id)
		bytes_print(to, " boot_id=\"%s\"", received->boot_id);
	add_parameter(to, "caller", message->caller, message->caller_size);
	if (message->flag != '-')
		add_number(to, "continuation", 1);
	if (received->is_late)
		add_number(to, "late", 1);
	if (message->priority >> 3 > FACILITY_MAX)
		add_number(to, "facility", message->priority >> 3);
}

static void add_text(struct bytes *to, const struct netcon_message *message)
{
	struct bytes plain = { 0 };
	bool is_ascii = true, is_utf8;

	plain_add_text(&plain, message);
	is_utf8 = plain_is_utf8(plain.bytes, plain.size, &is_ascii);
	if (is_utf8 && !is_ascii)
		bytes_add(to, BYTE_ORDER_MARK, 3);
	/* Other bytes would be taken for UTF-8 behind such a mark, and must not begin with one. */
	if (plain.size && (memchr(plain.bytes, '\0', plain.size) ||
		(!is_utf8 && plain.size >= 3 && !memcmp(plain.bytes, BYTE_ORDER_MARK, 3))))
		add_valid(to, plain.bytes, plain.size);
	else
		bytes_add(to, plain.bytes, plain.size);
	to->is_short = to->is_short || plain.is_short;
	bytes_free(&plain);
}

/* How many bytes of text are at most size, without a piece of a character at their end. */
static size_t whole_characters(const struct bytes *text, size_t size)
{
	size_t end = size;

	if (!plain_is_utf8(text->bytes, text->size, NULL))
		return size;
	while (end && end < text->size && ((unsigned char)text->bytes[end] & 0xc0) == 0x80)
		end--;
	return end;
}

void syslog_format(struct bytes *to, const struct received *received, size_t limit)
{
	const struct netcon_message *message = &received->message;
	struct bytes dictionary = { 0 }, text = { 0 };
	size_t begin = to->size, cut = 0, room;
	char host[SOURCE_TEXT_MAX];

	add_header(to, message->is_extended ? message->priority : PRIORITY_OF_BASIC, &received->arrived,
		source_print_address(host, &received->source), "kernel", "-");
	add_element(to, received);
	if (message->is_extended)
		add_dictionary(&dictionary, message);
	add_text(&text, message);
	/* What is behind that: " cut" and its number, and the end of the element. */
	room = limit - (to->size - begin) - sizeof(" cut=\"18446744073709551615\"] ");
	if (dictionary.size + text.size > room && dictionary.size > room - limit / 4) {
		cut = dictionary.size;
		dictionary.size = 0;
	}
	if (dictionary.size + text.size > room) {
		size_t keep = whole_characters(&text, room - dictionary.size);

		cut += text.size - keep;
		text.size = keep;
	}
	if (cut)
		add_number(to, "cut", cut);
	bytes_add(to, "]", 1);
	bytes_add(to, dictionary.bytes, dictionary.size);
	bytes_add(to, " ", 1);
	bytes_add(to, text.bytes, text.size);
	to->is_short = to->is_short || dictionary.is_short || text.is_short;
	bytes_free(&dictionary);
	bytes_free(&text);
}

void syslog_format_happened(struct bytes *to, const struct happened *happened)
{
	char host[SOURCE_TEXT_MAX] = "-";

	if (happened->what != HAPPENED_DROPPED)
		source_print_address(host, &happened->source);
	add_header(to, 3 << 3 | happening_level(happened->what), &happened->when, host, "netcon", happening_name(happened->what));
	bytes_print(to, "[netcon@32473");
	if (happened->what != HAPPENED_DROPPED)
		add_number(to, "port", ntohs(happened->source.port));
	switch (happened->what) {
	case HAPPENED_LOST:
	case HAPPENED_FOUND:
		add_number(to, "first", happened->first);
		add_number(to, "last", happened->last);
		break;
	case HAPPENED_RESTART:
		add_number(to, "seq", happened->first);
		add_number(to, "highest_before", happened->last);
		break;
	case HAPPENED_NEW:
		add_number(to, "seq", happened->first);
		break;
	case HAPPENED_DROPPED:
		add_number(to, "datagrams", happened->first);
		break;
	default:
		break;
	}
	bytes_add(to, "] ", 2);
	plain_add_happened(to, happened);
}

void syslog_format_queue_full(struct bytes *to, __u64 messages)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	add_header(to, 3 << 3 | 4, &now, "-", "netcon", "queue-full");
	bytes_print(to, "[netcon@32473");
	add_number(to, "messages", messages);
	bytes_print(to, "] %llu message%s dropped: the queue for this server was full", (unsigned long long)messages,
		messages == 1 ? " was" : "s were");
}
