// SPDX-License-Identifier: GPL-2.0-or-later
#include "escape.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The length of the printable UTF-8 sequence (RFC 3629) at text, or 0 if there is none. */
static size_t printable_length(const unsigned char *text, size_t left)
{
	unsigned int first = text[0], point;
	size_t length;

	if (first >= 0x20 && first < 0x7f)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		length = 2, point = first & 0x1f;
	else if ((first & 0xf0) == 0xe0)
		length = 3, point = first & 0x0f;
	else if (first >= 0xf0 && first <= 0xf4)
		length = 4, point = first & 0x07;
	else
		return 0;
	if (length > left)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (text[i] & 0x3f);
	}
	if ((length == 3 && point < 0x800) || (length == 4 && point < 0x10000) ||
		point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	/* C1 controls, and the characters that turn the direction of writing round. */
	if (point < 0xa0 || (point >= 0x202a && point <= 0x202e) ||
		(point >= 0x2066 && point <= 0x2069))
		return 0;
	return length;
}

char *escape_text(const char *text, size_t length, char *out, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t used = 0;

	for (size_t i = 0; i < length;) {
		size_t plain = printable_length(bytes + i, length - i), taken = plain ? plain : 1;
		char piece[8];

		if (!plain)
			snprintf(piece, sizeof(piece), "\\x%02x", bytes[i]);
		else if (bytes[i] == '\\')
			memcpy(piece, "\\\\", 3);
		else
			memcpy(piece, text + i, plain), piece[plain] = 0;
		if (used + strlen(piece) + 1 > size)
			break;
		memcpy(out + used, piece, strlen(piece));
		used += strlen(piece);
		i += taken;
	}
	out[used] = 0;
	return out;
}
