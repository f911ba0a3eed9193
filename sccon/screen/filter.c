// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter.h"
#include <string.h>
#include "../../lib/text/text.h"
#include "filter_parts.h"

#define ESCAPE '\x1b'
#define CANCEL '\x18'
#define SUBSTITUTE '\x1a'

static const char replacement[] = "\xef\xbf\xbd";

void filter_give(struct filter *filter, const char *bytes, size_t size)
{
	filter->take(filter->context, bytes, size);
}

/* --- characters that are not of ASCII */

static void give_character(struct filter *filter, const char *bytes, size_t size)
{
	filter->last = '\0';
	if (filter->still >= FILTER_STILL_MAX)
		return;
	filter_give(filter, bytes, size);
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

void filter_keep(struct filter *filter, char byte)
{
	if (filter->size < FILTER_SEQUENCE_MAX)
		filter->sequence[filter->size++] = byte;
	else
		filter->is_too_long = true;
	filter->sequence[filter->size] = '\0';
}

static void take_csi(struct filter *filter, char byte)
{
	if (byte == ESCAPE)
		begin(filter, FILTER_ESCAPE);
	else if (byte == CANCEL || byte == SUBSTITUTE || byte & 0x80)
		filter->state = FILTER_TEXT;
	else if (byte >= 0x40 && byte < 0x7f)
		filter_end_csi(filter, byte);
	else if (byte >= 0x20 && byte < 0x40)
		filter_keep(filter, byte);
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

	filter_keep(filter, byte);
	filter->state = FILTER_TEXT;
	filter->still = 0;
	if (!is_known(filter))
		return;
	memcpy(out + 1, filter->sequence, filter->size);
	filter_give(filter, out, filter->size + 1);
	modes_escape(&filter->modes, filter->sequence, filter->size);
	if (byte == 'c')
		filter_reset(filter, false);
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
		filter_keep(filter, byte);
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
		filter_give(filter, bytes, length);
		filter->last = bytes[length - 1];
		filter->still = 0;
		return length;
	}
	if (*bytes == ESCAPE) {
		begin(filter, FILTER_ESCAPE);
	} else if (*bytes >= '\b' && *bytes <= '\x0f') {
		/* Backspace, tab, the ends of lines, and the change of the character set. */
		filter_give(filter, bytes, 1);
		modes_control(&filter->modes, *bytes);
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
