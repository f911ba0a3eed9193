// SPDX-License-Identifier: GPL-2.0-or-later
#include "sign.h"
#include <string.h>

/* The length of the UTF-8 sequence (RFC 3629) at text, and what it encodes; 0: not one. */
static size_t decode(const unsigned char *text, unsigned int *character)
{
	static const unsigned int smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = text[0] < 0x80 ? 1
		: text[0] >= 0xc0 && text[0] < 0xe0 ? 2
		: text[0] >= 0xe0 && text[0] < 0xf0 ? 3
		: text[0] >= 0xf0 && text[0] < 0xf8 ? 4
						    : 0;

	if (!length)
		return 0;
	*character = length == 1 ? text[0] : text[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0; /* also the end of the string */
		*character = *character << 6 | (text[i] & 0x3f);
	}
	if (length > 1 && *character < smallest[length])
		return 0;
	if (*character > 0x10ffff || (*character >= 0xd800 && *character < 0xe000))
		return 0;
	return length;
}

bool identity_is_valid(const char *identity)
{
	const unsigned char *at = (const unsigned char *)identity;
	size_t length = strlen(identity);

	if (!length || length > DIGSIG_IDENTITY_SIZE)
		return false;
	while (*at) {
		unsigned int character;
		size_t size = decode(at, &character);

		if (!size || character < 0x20 || (character >= 0x7f && character < 0xa0))
			return false;
		at += size;
	}
	return true;
}
