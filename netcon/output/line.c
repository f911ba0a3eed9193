// SPDX-License-Identifier: GPL-2.0-or-later
#include "line.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"

/* The port that kernels send from, unless they are told another. */
#define USUAL_PORT 6665

const char *happening_name(enum happening what)
{
	static const char *const names[] = {
		[HAPPENED_LOST] = "lost",
		[HAPPENED_FOUND] = "found",
		[HAPPENED_RESTART] = "restart",
		[HAPPENED_NEW] = "new",
		[HAPPENED_FORGOTTEN] = "forgotten",
		[HAPPENED_DROPPED] = "dropped",
	};

	return names[what];
}

const char *level_name(unsigned int priority)
{
	static const char *const names[] = { "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug" };

	return names[priority & 7];
}

const char *facility_name(unsigned int priority)
{
	static const char *const names[] = { "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp",
		"cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4",
		"local5", "local6", "local7" };
	unsigned int facility = priority >> 3;

	return facility < sizeof(names) / sizeof(*names) ? names[facility] : NULL;
}

char *print_moment(char *text, const struct timespec *moment)
{
	print_time(text, (__u64)moment->tv_sec);
	snprintf(text + strlen(text) - 1, 8, ".%03uZ", (unsigned int)(moment->tv_nsec / 1000000) % 1000);
	return text;
}

static void put_beginning(FILE *out, const struct timespec *moment, const struct netcon_source *source)
{
	char when[32], who[SOURCE_TEXT_MAX];

	print_moment(when, moment);
	if (ntohs(source->port) == USUAL_PORT)
		source_print_address(who, source);
	else
		source_print(who, source);
	fprintf(out, "%s %s ", when, who);
}

/* Escaped text of the kernel, or text of anybody who says to be one. */
static void put_text(FILE *out, const char *text, size_t size)
{
	char *bytes;

	for (size_t i = 0;; i++) {
		if (i == size) {
			fwrite(text, 1, size, out);
			return;
		}
		if (text[i] < ' ' || text[i] > '~' || text[i] == '\\')
			break;
	}
	bytes = malloc(size + 1);
	if (!bytes) {
		fputs("(memory is short)", out);
		return;
	}
	size = netcon_unescape(text, size, bytes);
	bytes[size] = '\0';
	print_safely_sized(out, bytes, size);
	free(bytes);
}

static void put_dictionary(FILE *out, const struct netcon_message *message)
{
	struct netcon_entry entry;
	size_t place = 0;
	const char *before = " {";

	while (netcon_entry_next(message, &place, &entry)) {
		fputs(before, out);
		put_text(out, entry.name, entry.name_size);
		putc('=', out);
		put_text(out, entry.value, entry.value_size);
		before = " ";
	}
	if (*before == ' ' && before[1] == '\0')
		putc('}', out);
}

static void put_header(FILE *out, const struct netcon_message *message)
{
	const char *facility = facility_name(message->priority);

	fprintf(out, "%llu ", (unsigned long long)message->sequence);
	if (facility)
		fputs(facility, out);
	else
		fprintf(out, "%u", message->priority >> 3);
	fprintf(out, ".%s [%5llu.%06llu] %s", level_name(message->priority),
		(unsigned long long)(message->time_us / 1000000), (unsigned long long)(message->time_us % 1000000),
		message->flag == '-' ? "" : "...");
}

void line_of(FILE *out, const struct received *received)
{
	const struct netcon_message *message = &received->message;

	put_beginning(out, &received->arrived, &received->source);
	if (message->is_extended)
		put_header(out, message);
	put_text(out, message->body, message->is_extended ? netcon_text_size(message) : message->body_size);
	put_dictionary(out, message);
	if (received->is_torn)
		fprintf(out, " [%zu of %zu bytes are missing]", received->missing, message->total);
	putc('\n', out);
}

void line_of_happened(FILE *out, const struct happened *happened)
{
	unsigned long long first = happened->first, last = happened->last;
	char when[32];

	if (happened->what == HAPPENED_DROPPED) {
		fprintf(out, "%s - dropped: the socket had no room for %llu datagram%s\n", print_moment(when, &happened->when), first,
			text_plural(first));
		return;
	}
	put_beginning(out, &happened->when, &happened->source);
	fprintf(out, "%s", happening_name(happened->what));
	switch (happened->what) {
	case HAPPENED_LOST:
	case HAPPENED_FOUND:
		fprintf(out, ": %llu message%s, %llu to %llu", last - first + 1, text_plural(last - first + 1), first, last);
		break;
	case HAPPENED_RESTART:
		fprintf(out, ": the host has booted again, at message %llu after %llu", first, last);
		break;
	case HAPPENED_NEW:
		fprintf(out, ": first message %llu", first);
		break;
	default:
		break;
	}
	putc('\n', out);
}
