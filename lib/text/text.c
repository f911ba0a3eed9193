// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The length of the UTF-8 sequence at text that a terminal may show; 0: none. */
static size_t harmless(const unsigned char *text)
{
	unsigned int character;
	size_t length;

	if (text[0] < 0x80)
		return text[0] >= 0x20 && text[0] != 0x7f && text[0] != '\\';
	length = text[0] >= 0xc2 && text[0] < 0xe0 ? 2
		: text[0] >= 0xe0 && text[0] < 0xf0 ? 3
		: text[0] >= 0xf0 && text[0] < 0xf5 ? 4
						    : 0;
	if (!length)
		return 0;
	character = text[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (text[i] & 0x3f);
	}
	if ((length == 3 && character < 0x800) || (length == 4 && character < 0x10000) ||
		character > 0x10ffff || (character >= 0xd800 && character < 0xe000))
		return 0;
	/* C1 controls; the marks, embeddings, overrides and isolates of the bidi algorithm. */
	if (character < 0xa0 || character == 0x61c || character == 0x200e || character == 0x200f ||
		(character >= 0x2028 && character <= 0x202e) ||
		(character >= 0x2066 && character <= 0x2069))
		return 0;
	return length;
}

char *safe_text(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	char *safe = malloc(4 * strlen(text) + 1), *out = safe;

	if (!safe)
		return NULL;
	while (*at) {
		size_t length = harmless(at);

		if (length) {
			memcpy(out, at, length);
			out += length;
			at += length;
		} else if (*at == '\\') {
			*out++ = '\\';
			*out++ = '\\';
			at++;
		} else {
			out += sprintf(out, "\\x%02x", *at++);
		}
	}
	*out = '\0';
	return safe;
}

void print_safely(FILE *out, const char *text)
{
	char *safe = safe_text(text);

	fputs(safe ? safe : "?", out);
	free(safe);
}

void print_safe_message(char *text, size_t size, int err, const char *format, va_list arguments)
{
	char *message = NULL, *safe;

	if (vasprintf(&message, format, arguments) < 0)
		message = NULL;
	safe = message ? safe_text(message) : NULL;
	snprintf(text, size, "%s", safe ? safe : strerror(-err));
	free(safe);
	free(message);
}

void print_hex(char *text, const __u8 *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
	text[2 * size] = '\0';
}

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	digit |= 0x20;
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool parse_hex(const char *text, __u8 *bytes, size_t size)
{
	if (strlen(text) != 2 * size)
		return false;
	for (size_t i = 0; i < size; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (__u8)(high << 4 | low);
	}
	return true;
}

void print_time(char *text, __u64 seconds)
{
	time_t time = (time_t)seconds;
	struct tm parts;

	/* A year beyond four digits is a hostile manifest's, and would not fit. */
	if (seconds > 253402300799ULL || !gmtime_r(&time, &parts) ||
		!strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts))
		snprintf(text, 32, "%llu", (unsigned long long)seconds);
}
