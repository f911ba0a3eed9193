// SPDX-License-Identifier: GPL-2.0-or-later
#include "stream_names.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <zlib.h>
#include "line.h"

void stream_subject_of(char *subject, const struct netcon_source *source)
{
	char text[SOURCE_TEXT_MAX];

	source_print_address(text, source);
	for (char *i = text; *i; i++)
		if (*i == '.')
			*i = '-';
	snprintf(subject, STREAM_NAME_MAX, "%s", text);
}

static unsigned long long nanoseconds(const struct timespec *time)
{
	return (unsigned long long)time->tv_sec * 1000000000ULL + (unsigned long long)time->tv_nsec;
}

/* "ADDRESS-PORT" */
static void print_source(char *text, const struct netcon_source *source)
{
	char address[SOURCE_TEXT_MAX];

	snprintf(text, SOURCE_TEXT_MAX, "%s-%u", source_print_address(address, source), ntohs(source->port));
}

void stream_identity_of(char *identity, const struct received *received)
{
	const struct netcon_message *message = &received->message;
	const char *torn = received->is_torn ? "-torn" : "";
	char source[SOURCE_TEXT_MAX];

	print_source(source, &received->source);
	if (!message->is_extended)
		snprintf(identity, STREAM_NAME_MAX, "%s-%llu-%08lx", source, nanoseconds(&received->arrived),
			crc32_z(crc32(0, NULL, 0), (const Bytef *)message->body, message->body_size));
	else if (received->boot_id)
		snprintf(identity, STREAM_NAME_MAX, "%s-%s-%llu%s", source, received->boot_id,
			(unsigned long long)message->sequence, torn);
	else
		snprintf(identity, STREAM_NAME_MAX, "%s---%llu-%llu%s", source, (unsigned long long)message->sequence,
			(unsigned long long)message->time_us, torn);
}

void stream_identity_of_happened(char *identity, const struct happened *happened)
{
	char source[SOURCE_TEXT_MAX] = "-";

	if (happened->what != HAPPENED_DROPPED)
		print_source(source, &happened->source);
	snprintf(identity, STREAM_NAME_MAX, "event-%s-%s-%llu-%llu-%llu", happening_name(happened->what), source,
		nanoseconds(&happened->when), (unsigned long long)happened->first, (unsigned long long)happened->last);
}
