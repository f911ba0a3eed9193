// SPDX-License-Identifier: GPL-2.0-or-later
/* The body of a message: its text, its dictionary, and the escapes in them. */
#include <string.h>
#include "../netcon.h"

size_t netcon_text_size(const struct netcon_message *message)
{
	const char *newline = message->body_size ? memchr(message->body, '\n', message->body_size) : NULL;

	return newline ? (size_t)(newline - message->body) : message->body_size;
}

/* One line of a dictionary, without its newline. */
static bool is_entry(const char *line, size_t size, struct netcon_entry *entry)
{
	const char *sign = memchr(line, '=', size);

	if (*line != ' ' || !sign || sign == line + 1)
		return false;
	entry->name = line + 1;
	entry->name_size = (size_t)(sign - entry->name);
	entry->value = sign + 1;
	entry->value_size = size - (size_t)(entry->value - line);
	return true;
}

bool netcon_entry_next(const struct netcon_message *message, size_t *place, struct netcon_entry *entry)
{
	if (!message->is_extended)
		return false;
	if (!*place)
		*place = netcon_text_size(message) + 1;
	while (*place < message->body_size) {
		const char *line = message->body + *place;
		size_t rest = message->body_size - *place;
		const char *newline = memchr(line, '\n', rest);
		size_t size = newline ? (size_t)(newline - line) : rest;

		*place += size + 1;
		if (size && is_entry(line, size, entry))
			return true;
	}
	return false;
}

static int digit_of(char character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	if (character >= 'a' && character <= 'f')
		return character - 'a' + 10;
	if (character >= 'A' && character <= 'F')
		return character - 'A' + 10;
	return -1;
}

size_t netcon_unescape(const char *text, size_t size, char *bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++) {
		bool is_escape = text[i] == '\\' && size - i > 3 && text[i + 1] == 'x' && digit_of(text[i + 2]) >= 0 &&
			digit_of(text[i + 3]) >= 0;

		if (is_escape) {
			bytes[count++] = (char)(digit_of(text[i + 2]) * 16 + digit_of(text[i + 3]));
			i += 3;
		} else {
			bytes[count++] = text[i];
		}
	}
	return count;
}

size_t netcon_escape(const char *bytes, size_t size, char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t count = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte >= ' ' && byte < 127 && byte != '\\') {
			text[count++] = (char)byte;
			continue;
		}
		text[count++] = '\\';
		text[count++] = 'x';
		text[count++] = digits[byte >> 4];
		text[count++] = digits[byte & 15];
	}
	return count;
}
