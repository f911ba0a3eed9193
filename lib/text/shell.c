// SPDX-License-Identifier: GPL-2.0-or-later
#include "shell.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "text.h"

enum quotes { QUOTES_NONE, QUOTES_PLAIN, QUOTES_ESCAPED };

static bool is_plain(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
		(byte >= 'a' && byte <= 'z') || strchr("%+,-./:=@_^", byte);
}

/* An equals sign in the first word would make it an assignment. */
static enum quotes quotes_of(const char *word, bool is_first)
{
	enum quotes quotes = *word ? QUOTES_NONE : QUOTES_PLAIN;
	unsigned int character;

	while (*word) {
		size_t length = text_character(word, &character);

		if (!length || !is_harmless(character))
			return QUOTES_ESCAPED;
		if (!is_plain(*word) || (is_first && *word == '='))
			quotes = QUOTES_PLAIN;
		word += length;
	}
	return quotes;
}

static char *put_plain(char *out, const char *word)
{
	*out++ = '\'';
	for (; *word; word++) {
		if (*word == '\'')
			out = stpcpy(out, "'\\''");
		else
			*out++ = *word;
	}
	*out++ = '\'';
	return out;
}

/* Three octal digits are an end in themselves; of hexadecimal ones some shells take more than two. */
static char *put_byte(char *out, unsigned char byte)
{
	static const char named[] = "\a\b\t\n\v\f\r", names[] = "abtnvfr";
	const char *at = byte ? strchr(named, byte) : NULL;

	if (byte == '\'' || byte == '\\')
		return out + sprintf(out, "\\%c", byte);
	if (at)
		return out + sprintf(out, "\\%c", names[at - named]);
	return out + sprintf(out, "\\%03o", byte);
}

static char *put_escaped(char *out, const char *word)
{
	unsigned int character;

	out = stpcpy(out, "$'");
	while (*word) {
		size_t length = text_character(word, &character);

		if (length && is_harmless(character) && !strchr("'\\", *word)) {
			memcpy(out, word, length);
			out += length;
			word += length;
		} else {
			out = put_byte(out, (unsigned char)*word++);
		}
	}
	*out++ = '\'';
	return out;
}

static char *put_word(char *out, const char *word, bool is_first)
{
	switch (quotes_of(word, is_first)) {
	case QUOTES_NONE:
		return stpcpy(out, word);
	case QUOTES_PLAIN:
		return put_plain(out, word);
	default:
		return put_escaped(out, word);
	}
}

char *shell_line(const char *args, size_t size, bool is_cut, size_t *word_bytes)
{
	/* Each byte has at most four, a word three around it and a space before; and the ellipsis. */
	char *line = malloc(8 * size + sizeof(" …")), *out = line;

	if (!line)
		return NULL;
	for (size_t at = 0; at < size; at += strlen(args + at) + 1) {
		if (at)
			*out++ = ' ';
		out = put_word(out, args + at, !at);
		if (!at && word_bytes)
			*word_bytes = (size_t)(out - line);
	}
	if (!size && word_bytes)
		*word_bytes = 0;
	strcpy(out, is_cut ? " …" : "");
	return line;
}
