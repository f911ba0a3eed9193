// SPDX-License-Identifier: GPL-2.0-or-later
#include "escape.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static enum escape_action action_of(char typed)
{
	static const struct {
		char typed;
		enum escape_action action;
	} actions[] = {
		{ '.', ESCAPE_END },
		{ '?', ESCAPE_HELP },
		{ 'b', ESCAPE_BREAK },
		{ 'B', ESCAPE_BREAK },
		{ 'w', ESCAPE_ASK },
		{ 'f', ESCAPE_FORCE },
		{ 'r', ESCAPE_RELEASE },
		{ 'Z' & 0x1f, ESCAPE_SUSPEND },
	};

	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (actions[i].typed == typed)
			return actions[i].action;
	return ESCAPE_NOTHING;
}

static enum escape_place place_behind(char typed)
{
	return typed == '\r' || typed == '\n' ? ESCAPE_LINE_BEGINS : ESCAPE_IN_LINE;
}

/* What follows the escape character; the bytes for the machine, of which there are at most two. */
static size_t take_escaped(struct escape *escape, char typed, char *out, enum escape_action *action)
{
	size_t count = 0;

	*action = (unsigned char)typed == escape->character ? ESCAPE_NOTHING : action_of(typed);
	if (*action) {
		escape->place = ESCAPE_LINE_BEGINS;
		return 0;
	}
	/* Nothing that is known: both are the machine's. The escape character twice is one. */
	if ((unsigned char)typed != escape->character)
		out[count++] = (char)escape->character;
	out[count++] = typed;
	escape->place = place_behind(typed);
	return count;
}

size_t escape_take(struct escape *escape, const char *in, size_t size, char *out, size_t *out_size, enum escape_action *action)
{
	*out_size = 0;
	*action = ESCAPE_NOTHING;
	for (size_t i = 0; i < size; i++) {
		if (escape->place == ESCAPE_CAME) {
			*out_size += take_escaped(escape, in[i], out + *out_size, action);
			if (*action)
				return i + 1;
		} else if (escape->place == ESCAPE_LINE_BEGINS && (unsigned char)in[i] == escape->character) {
			escape->place = ESCAPE_CAME;
		} else {
			out[(*out_size)++] = in[i];
			escape->place = place_behind(in[i]);
		}
	}
	return size;
}

int escape_parse(const char *text, int *character)
{
	if (!strcmp(text, "none")) {
		*character = ESCAPE_NONE;
		return 0;
	}
	if (text[0] == '^' && text[1] >= '@' && text[1] <= '_' && !text[2]) {
		*character = text[1] & 0x1f;
		return 0;
	}
	if (!text[0] || text[1] || (unsigned char)text[0] >= 0x7f || text[0] == '\r' || text[0] == '\n')
		return -EINVAL;
	*character = (unsigned char)text[0];
	return 0;
}

void escape_print(char *text, int character)
{
	if (character < ' ')
		snprintf(text, 8, "^%c", (char)(character + '@'));
	else
		snprintf(text, 8, "%c", (char)character);
}
