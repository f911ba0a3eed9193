// SPDX-License-Identifier: GPL-2.0-or-later
#include "plain.h"
#include <string.h>
#include "../../lib/text/text.h"
#include "line.h"

void plain_add(struct bytes *to, const char *text, size_t size)
{
	char *place = bytes_reserve(to, size);

	if (place)
		to->size += netcon_unescape(text, size, place);
}

void plain_add_text(struct bytes *to, const struct netcon_message *message)
{
	if (message->is_extended)
		plain_add(to, message->body, netcon_text_size(message));
	else
		bytes_add(to, message->body, message->body_size);
}

bool plain_is_utf8(const char *bytes, size_t size, bool *is_ascii)
{
	size_t place = 0;

	while (place < size && !(bytes[place] & 0x80))
		place++;
	if (is_ascii)
		*is_ascii = place == size;
	while (place < size) {
		char character[5] = { 0 };
		unsigned int number;
		size_t left = size - place, length;

		/* The last one may be cut: a '\0' stands behind what there is. */
		memcpy(character, bytes + place, left < 4 ? left : 4);
		length = text_character(character, &number);
		if (!length)
			return false;
		place += length;
	}
	return true;
}

void plain_add_happened(struct bytes *to, const struct happened *happened)
{
	unsigned long long first = happened->first, last = happened->last;
	char who[SOURCE_TEXT_MAX];

	if (happened->what != HAPPENED_DROPPED)
		bytes_print(to, "%s ", source_print(who, &happened->source));
	bytes_print(to, "%s", happening_name(happened->what));
	switch (happened->what) {
	case HAPPENED_LOST:
	case HAPPENED_FOUND:
		bytes_print(to, ": %llu message%s, %llu to %llu", last - first + 1, text_plural(last - first + 1), first, last);
		break;
	case HAPPENED_RESTART:
		bytes_print(to, ": the host has booted again, at message %llu after %llu", first, last);
		break;
	case HAPPENED_NEW:
		bytes_print(to, ": first message %llu", first);
		break;
	case HAPPENED_DROPPED:
		bytes_print(to, ": the socket had no room for %llu datagram%s", first, text_plural(first));
		break;
	default:
		break;
	}
}

unsigned int happening_level(enum happening what)
{
	switch (what) {
	case HAPPENED_LOST:
	case HAPPENED_DROPPED:
		return 4;
	case HAPPENED_FOUND:
	case HAPPENED_RESTART:
		return 5;
	default:
		return 6;
	}
}
