// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

size_t text_character(const char *text, unsigned int *character)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t length;

	*character = byte[0];
	if (byte[0] < 0x80)
		return 1;
	length = byte[0] >= 0xc2 && byte[0] < 0xe0 ? 2
		: byte[0] >= 0xe0 && byte[0] < 0xf0 ? 3
		: byte[0] >= 0xf0 && byte[0] < 0xf5 ? 4
						    : 0;
	if (!length)
		return 0;
	*character = byte[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		*character = *character << 6 | (byte[i] & 0x3f);
	}
	if ((length == 3 && *character < 0x800) || (length == 4 && *character < 0x10000) ||
		*character > 0x10ffff || (*character >= 0xd800 && *character < 0xe000))
		return 0;
	return length;
}

bool is_harmless(unsigned int character)
{
	/* C0 and C1 controls; the marks, embeddings, overrides and isolates of the bidi algorithm. */
	return character >= 0x20 && (character < 0x7f || character >= 0xa0) &&
		character != 0x61c && character != 0x200e && character != 0x200f &&
		!(character >= 0x2028 && character <= 0x202e) &&
		!(character >= 0x2066 && character <= 0x2069);
}

size_t safe_text_into(char *safe, const char *text, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const char *end = text + size;
	unsigned int character;
	char *out = safe;

	while (text < end) {
		size_t length = text_character(text, &character);

		if (length && is_harmless(character) && character != '\\') {
			memcpy(out, text, length);
			out += length;
			text += length;
		} else if (*text == '\\') {
			*out++ = '\\';
			*out++ = '\\';
			text++;
		} else {
			*out++ = '\\';
			*out++ = 'x';
			*out++ = digits[(unsigned char)*text >> 4];
			*out++ = digits[*text++ & 0xf];
		}
	}
	*out = '\0';
	return (size_t)(out - safe);
}

static char *safe_bytes(const char *text, size_t size)
{
	char *safe = malloc(4 * size + 1);

	if (safe)
		safe_text_into(safe, text, size);
	return safe;
}

char *safe_text(const char *text)
{
	return safe_bytes(text, strlen(text));
}

void print_safely_sized(FILE *out, const char *text, size_t size)
{
	char *safe = safe_bytes(text, size);

	fputs(safe ? safe : "?", out);
	free(safe);
}

void print_safely(FILE *out, const char *text)
{
	print_safely_sized(out, text, strlen(text));
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

char *text_strip_remark(char *line)
{
	char *end;

	for (char *at = line; *at; at++)
		if (*at == '#' && (at == line || at[-1] == ' ' || at[-1] == '\t')) {
			*at = '\0';
			break;
		}
	line += strspn(line, " \t");
	end = line + strlen(line);
	while (end > line && strchr(" \t\r\n", end[-1]))
		*--end = '\0';
	return line;
}

/* The byte of the escape at text, of *length bytes; false: there is none. */
static bool take_escape(const char *text, size_t size, size_t *length, char *byte)
{
	if (size >= 2 && text[1] == '\\') {
		*length = 2;
		*byte = '\\';
		return true;
	}
	if (size < 4 || text[1] != 'x' || hex_digit(text[2]) < 0 || hex_digit(text[3]) < 0)
		return false;
	*length = 4;
	*byte = (char)(hex_digit(text[2]) << 4 | hex_digit(text[3]));
	return true;
}

size_t safe_text_parse(const char *safe, size_t size, char *text, size_t room, size_t *used)
{
	size_t at = 0;

	for (*used = 0; at < size && *used < room; (*used)++) {
		size_t length = 1;

		text[*used] = safe[at];
		if (safe[at] == '\\' && !take_escape(safe + at, size - at, &length, &text[*used]))
			break;
		at += length;
	}
	return at;
}

const char *text_plural(__u64 count)
{
	return count == 1 ? "" : "s";
}
