// SPDX-License-Identifier: GPL-2.0-or-later
#include "line.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "plain.h"
#include "digits.h"

/* The port that kernels send from, unless they are told another. */
#define USUAL_PORT 6665

/* More than all before the text has: a time, an address, five numbers, a facility and a level. */
#define BEGINNING_MAX (SOURCE_TEXT_MAX + 192)

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

/* "2026-01-31T12:00:00.123Z" at text; returns where it ends. */
static char *put_moment(char *text, const struct timespec *moment)
{
	struct tm parts;

	/* A year of more digits has no room. */
	if (moment->tv_sec < 0 || moment->tv_sec > 253402300799LL || !gmtime_r(&moment->tv_sec, &parts))
		return stpcpy(text, "-");
	text = put_digits(text, (__u64)parts.tm_year + 1900, 4, '0');
	*text++ = '-';
	text = put_digits(text, (__u64)parts.tm_mon + 1, 2, '0');
	*text++ = '-';
	text = put_digits(text, (__u64)parts.tm_mday, 2, '0');
	*text++ = 'T';
	text = put_digits(text, (__u64)parts.tm_hour, 2, '0');
	*text++ = ':';
	text = put_digits(text, (__u64)parts.tm_min, 2, '0');
	*text++ = ':';
	text = put_digits(text, (__u64)parts.tm_sec, 2, '0');
	*text++ = '.';
	text = put_digits(text, (__u64)moment->tv_nsec / 1000000 % 1000, 3, '0');
	*text++ = 'Z';
	return text;
}

char *print_moment(char *text, const struct timespec *moment)
{
	*put_moment(text, moment) = '\0';
	return text;
}

/* When, and from whom, at text; returns where it ends. */
static char *put_beginning(char *text, const struct timespec *moment, const struct netcon_source *source)
{
	text = put_moment(text, moment);
	*text++ = ' ';
	if (ntohs(source->port) == USUAL_PORT)
		source_print_address(text, source);
	else
		source_print(text, source);
	return stpcpy(text + strlen(text), " ");
}

/* Any bytes, behind which a '\0' stands. */
static void put_bytes(FILE *out, const char *bytes, size_t size)
{
	while (size) {
		size_t plain = plain_size(bytes, size), other = plain;

		fwrite_unlocked(bytes, 1, plain, out);
		while (other < size && !plain_size(bytes + other, 1))
			other++;
		print_safely_sized(out, bytes + plain, other - plain);
		bytes += other;
		size -= other;
	}
}

/* Text of the kernel, escaped or, in basic messages, not; or of anybody who says to be one. */
static void put_text(FILE *out, const char *text, size_t size, bool is_escaped)
{
	char *bytes;

	if (plain_size(text, size) == size) {
		fwrite_unlocked(text, 1, size, out);
		return;
	}
	bytes = plain_copy(text, &size, is_escaped);
	if (!bytes) {
		fputs("(memory is short)", out);
		return;
	}
	put_bytes(out, bytes, size);
	free(bytes);
}

static void put_dictionary(FILE *out, const struct netcon_message *message)
{
	struct netcon_entry entry;
	size_t place = 0;
	const char *before = " {";

	while (netcon_entry_next(message, &place, &entry)) {
		fputs(before, out);
		put_text(out, entry.name, entry.name_size, true);
		putc('=', out);
		put_text(out, entry.value, entry.value_size, true);
		before = " ";
	}
	if (*before == ' ' && before[1] == '\0')
		putc('}', out);
}

/* Sequence number, facility, level and time, at text; returns where it ends. */
static char *put_header(char *text, const struct netcon_message *message)
{
	const char *facility = facility_name(message->priority);

	text = put_digits(text, message->sequence, 0, ' ');
	*text++ = ' ';
	text = facility ? stpcpy(text, facility) : put_digits(text, message->priority >> 3, 0, ' ');
	*text++ = '.';
	text = stpcpy(stpcpy(text, level_name(message->priority)), " [");
	text = put_digits(text, message->time_us / 1000000, 5, ' ');
	*text++ = '.';
	text = put_digits(text, message->time_us % 1000000, 6, '0');
	return stpcpy(text, message->flag == '-' ? "] " : "] ...");
}

void line_of(FILE *out, const struct received *received)
{
	const struct netcon_message *message = &received->message;
	char beginning[BEGINNING_MAX], *end;

	end = put_beginning(beginning, &received->arrived, &received->source);
	if (message->is_extended)
		end = put_header(end, message);
	flockfile(out);
	fwrite_unlocked(beginning, 1, (size_t)(end - beginning), out);
	put_text(out, message->body, message->is_extended ? netcon_text_size(message) : message->body_size, message->is_extended);
	put_dictionary(out, message);
	if (received->is_torn)
		fprintf(out, " [%zu of %zu bytes are missing]", received->missing, message->total);
	putc_unlocked('\n', out);
	funlockfile(out);
}

char *print_happening(char *text, const struct happened *happened)
{
	unsigned long long first = happened->first, last = happened->last;
	char *end = stpcpy(text, happening_name(happened->what));
	size_t room = HAPPENING_TEXT_MAX - (size_t)(end - text);

	switch (happened->what) {
	case HAPPENED_LOST:
	case HAPPENED_FOUND:
		snprintf(end, room, ": %llu message%s, %llu to %llu", last - first + 1, text_plural(last - first + 1), first, last);
		break;
	case HAPPENED_RESTART:
		snprintf(end, room, ": the host has booted again, at message %llu after %llu", first, last);
		break;
	case HAPPENED_NEW:
		snprintf(end, room, ": first message %llu", first);
		break;
	case HAPPENED_DROPPED:
		snprintf(end, room, ": the socket had no room for %llu datagram%s", first, text_plural(first));
		break;
	default:
		break;
	}
	return text;
}

void line_of_happened(FILE *out, const struct happened *happened)
{
	char beginning[BEGINNING_MAX], words[HAPPENING_TEXT_MAX];

	if (happened->what == HAPPENED_DROPPED)
		stpcpy(put_moment(beginning, &happened->when), " - ");
	else
		*put_beginning(beginning, &happened->when, &happened->source) = '\0';
	fprintf(out, "%s%s\n", beginning, print_happening(words, happened));
}
