// SPDX-License-Identifier: GPL-2.0-or-later
#include "plain.h"
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "line.h"

size_t plain_size(const char *text, size_t size)
{
	size_t count = 0;

	while (count < size && text[count] >= ' ' && text[count] <= '~' && text[count] != '\\')
		count++;
	return count;
}

char *plain_copy(const char *text, size_t *size, bool is_escaped)
{
	char *bytes = malloc(*size + 1);

	if (!bytes)
		return NULL;
	if (is_escaped)
		*size = netcon_unescape(text, *size, bytes);
	else
		memcpy(bytes, text, *size);
	bytes[*size] = '\0';
	return bytes;
}

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
	char who[SOURCE_TEXT_MAX], words[HAPPENING_TEXT_MAX];

	if (happened->what != HAPPENED_DROPPED)
		bytes_print(to, "%s ", source_print(who, &happened->source));
	bytes_print(to, "%s", print_happening(words, happened));
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
