// SPDX-License-Identifier: GPL-2.0-or-later
#include "plain.h"
#include <string.h>

#define ESCAPE '\x1b'

/* Behind the string that begins at text: BEL, or ESC \, ends it. */
static const char *skip_string(const char *text, const char *end)
{
	while (text < end && *text != '\a' && *text != ESCAPE)
		text++;
	if (text == end)
		return end;
	return *text == ESCAPE && text + 1 < end && text[1] == '\\' ? text + 2 : text + (*text == '\a');
}

/* Behind the sequence that begins with the ESC at text. */
static const char *skip_sequence(const char *text, const char *end)
{
	text++;
	if (text < end && *text && strchr("]PX^_", *text))
		return skip_string(text + 1, end);
	if (text < end && *text == '[')
		for (text++; text < end && *text >= 0x20 && *text < 0x40;)
			text++;
	else
		while (text < end && *text >= 0x20 && *text < 0x30)
			text++;
	/* What cannot end it, such as another ESC, is not a part of it. */
	return text < end && *text >= 0x30 && *text < 0x7f ? text + 1 : text;
}

size_t text_make_plain(char *text, size_t size)
{
	const char *from = text, *end = text + size;
	char *to = text;

	while (from < end) {
		if (*from == ESCAPE)
			from = skip_sequence(from, end);
		else if ((*from >= 0 && *from < 0x20 && *from != '\t') || *from == 0x7f)
			from++;
		else
			*to++ = *from++;
	}
	*to = '\0';
	return (size_t)(to - text);
}
