// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"

#define ESCAPE '\x1b'
#define CANCEL '\x18'
#define SUBSTITUTE '\x1a'

static const char replacement[] = "\xef\xbf\xbd";

static void give(struct filter *filter, const char *bytes, size_t size)
{
	filter->take(filter->context, bytes, size);
}

/* --- characters that are not of ASCII */

static void give_character(struct filter *filter, const char *bytes, size_t size)
{
	filter->last = '\0';
	if (filter->still >= FILTER_STILL_MAX)
		return;
	give(filter, bytes, size);
	filter->still = filter->has_moved(filter->context) ? 0 : filter->still + 1;
}

static size_t length_of(char first)
{
	unsigned char byte = (unsigned char)first;

	return byte < 0xc2 || byte > 0xf4 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/* What was begun cannot become a character any more. */
static void end_character(struct filter *filter)
{
	if (filter->character_size)
		give_character(filter, replacement, sizeof(replacement) - 1);
	filter->character_size = 0;
}

static void take_high(struct filter *filter, char byte)
{
	unsigned int character;
	size_t size;

	if (filter->character_size && ((unsigned char)byte & 0xc0) != 0x80)
		end_character(filter);
	filter->character[filter->character_size++] = byte;
	if (filter->character_size < length_of(filter->character[0]))
		return;
	filter->character[filter->character_size] = '\0';
	size = text_character(filter->character, &character);
	if (size == filter->character_size && character >= 0xa0)
		give_character(filter, filter->character, size);
	else
		give_character(filter, replacement, sizeof(replacement) - 1);
	filter->character_size = 0;
}

/* --- sequences */

static void begin(struct filter *filter, enum filter_state state)
{
	filter->state = state;
	filter->size = 0;
	filter->is_too_long = false;
}

static void keep(struct filter *filter, char byte)
{
	if (filter->size < FILTER_SEQUENCE_MAX)
		filter->sequence[filter->size++] = byte;
	else
		filter->is_too_long = true;
	filter->sequence[filter->size] = '\0';
}

static void repeat(struct filter *filter)
{
	char bytes[FILTER_REPEAT_MAX];
	unsigned long count = strtoul(filter->sequence, NULL, 10);

	if (!filter->last)
		return;
	count = !count ? 1 : count > FILTER_REPEAT_MAX ? FILTER_REPEAT_MAX : count;
	memset(bytes, filter->last, count);
	give(filter, bytes, count);
}

/* The sequence behind ESC [, with its numbers bounded. */
static void give_csi(struct filter *filter)
{
	char out[2 * FILTER_SEQUENCE_MAX + 8] = "\x1b[", *end = out + 2;
	unsigned int numbers = 1;

	for (const char *text = filter->sequence; *text;) {
		unsigned long number;
		char *rest;

		if (*text < '0' || *text > '9') {
			numbers += *text == ';' || *text == ':';
			*end++ = *text++;
			continue;
		}
		number = strtoul(text, &rest, 10);
		end += sprintf(end, "%lu", number < FILTER_NUMBER_MAX ? number : FILTER_NUMBER_MAX);
		text = rest;
	}
	if (numbers <= FILTER_NUMBERS_MAX)
		give(filter, out, (size_t)(end - out));
}

/* Leading signs, numbers, intermediate bytes: in another order libvterm would end it earlier, and take the rest for something else. */
static bool is_well_formed(const struct filter *filter)
{
	const char *text = filter->sequence;

	text += strspn(text, "<=>?");
	text += strspn(text, "0123456789;:");
	text += strspn(text, " !\"#$%&'()*+,-./");
	return !*text;
}

/* CSI r, with a region that is in the screen. */
static void give_region(struct filter *filter)
{
	unsigned long top, bottom;
	char out[64], *rest;

	if (filter->is_too_long || strspn(filter->sequence, "0123456789;") != filter->size)
		return;
	top = strtoul(filter->sequence, &rest, 10);
	bottom = *rest ? strtoul(rest + 1, NULL, 10) : 0;
	if (!top)
		top = 1;
	if (!bottom || bottom > filter->rows)
		bottom = filter->rows;
	if (top < bottom)
		give(filter, out, (size_t)snprintf(out, sizeof(out), "\x1b[%lu;%lur", top, bottom));
}

static void end_csi(struct filter *filter, char byte)
{
	bool is_simple = strspn(filter->sequence, "0123456789") == filter->size;

	filter->state = FILTER_TEXT;
	if (byte == 'b') {
		if (is_simple && !filter->is_too_long)
			repeat(filter);
		return;
	}
	filter->still = 0;
	if (byte == 'r')
		give_region(filter);
	if (byte == 'r' || byte == 's' || !is_well_formed(filter))
		return;
	keep(filter, byte);
	if (!filter->is_too_long)
		give_csi(filter);
}

static void take_csi(struct filter *filter, char byte)
{
	if (byte == ESCAPE)
		begin(filter, FILTER_ESCAPE);
	else if (byte == CANCEL || byte == SUBSTITUTE || byte & 0x80)
		filter->state = FILTER_TEXT;
	else if (byte >= 0x40 && byte < 0x7f)
		end_csi(filter, byte);
	else if (byte >= 0x20 && byte < 0x40)
		keep(filter, byte);
}

/* Those that libvterm has something to do for, and no others: it takes ESC ' [ for the beginning of a longer one. */
static bool is_known(const struct filter *filter)
{
	const char *text = filter->sequence;

	if (filter->is_too_long)
		return false;
	if (filter->size == 1)
		return strchr("78=>DEHMcno|}~", text[0]);
	if (filter->size != 2)
		return false;
	return text[0] == '#' ? text[1] >= '3' && text[1] <= '8' : strchr("()*+", text[0]) && strchr("0AB", text[1]);
}

static void end_escape(struct filter *filter, char byte)
{
	char out[4] = "\x1b";

	keep(filter, byte);
	filter->state = FILTER_TEXT;
	filter->still = 0;
	if (!is_known(filter))
		return;
	memcpy(out + 1, filter->sequence, filter->size);
	give(filter, out, filter->size + 1);
}

/* The byte behind ESC, and behind what it may have between it and its end. */
static void take_escape(struct filter *filter, char byte)
{
	if (byte == ESCAPE) {
		begin(filter, FILTER_ESCAPE);
	} else if (!filter->size && byte == '[') {
		begin(filter, FILTER_CSI);
		filter->sequence[0] = '\0';
	} else if (!filter->size && byte && strchr("]PX^_", byte)) {
		begin(filter, FILTER_STRING);
	} else if (byte >= 0x20 && byte < 0x30) {
		keep(filter, byte);
	} else if (byte >= 0x30 && byte < 0x7f) {
		end_escape(filter, byte);
	} else if (byte == CANCEL || byte == SUBSTITUTE || byte & 0x80) {
		filter->state = FILTER_TEXT;
	}
}

/* A string ends with BEL, or with ESC \; another ESC ends it, too. */
static void take_string(struct filter *filter, char byte)
{
	if (byte == ESCAPE)
		filter->state = FILTER_STRING_ESCAPE;
	else if (byte == '\a' || byte == CANCEL || byte == SUBSTITUTE)
		filter->state = FILTER_TEXT;
}

static void take_string_escape(struct filter *filter, char byte)
{
	filter->state = FILTER_TEXT;
	if (byte == '\\')
		return;
	begin(filter, FILTER_ESCAPE);
	take_escape(filter, byte);
}

/* --- text */

static bool is_plain(char byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

/* As much of the text as is of ASCII goes at once. */
static size_t take_text(struct filter *filter, const char *bytes, size_t size)
{
	size_t length = 0;

	if (*bytes & 0x80) {
		take_high(filter, *bytes);
		return 1;
	}
	end_character(filter);
	while (length < size && is_plain(bytes[length]))
		length++;
	if (length) {
		give(filter, bytes, length);
		filter->last = bytes[length - 1];
		filter->still = 0;
		return length;
	}
	if (*bytes == ESCAPE) {
		begin(filter, FILTER_ESCAPE);
	} else if (*bytes >= '\b' && *bytes <= '\x0f') {
		/* Backspace, tab, the ends of lines, and the change of the character set. */
		give(filter, bytes, 1);
		filter->still = 0;
	}
	return 1;
}

void filter_put(struct filter *filter, const char *bytes, size_t size)
{
	while (size) {
		size_t used = 1;

		switch (filter->state) {
		case FILTER_TEXT:
			used = take_text(filter, bytes, size);
			break;
		case FILTER_ESCAPE:
			take_escape(filter, *bytes);
			break;
		case FILTER_CSI:
			take_csi(filter, *bytes);
			break;
		case FILTER_STRING:
			take_string(filter, *bytes);
			break;
		case FILTER_STRING_ESCAPE:
			take_string_escape(filter, *bytes);
			break;
		}
		bytes += used;
		size -= used;
	}
}
