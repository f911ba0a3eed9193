// SPDX-License-Identifier: GPL-2.0-or-later
#include "words.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"

int words_refuse(struct words *words, const char *format, ...)
{
	va_list arguments;

	words->error->line = words->line;
	va_start(arguments, format);
	vsnprintf(words->error->words, sizeof(words->error->words), format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

bool words_at_end(struct words *words)
{
	while (words->at < words->end && is_space(*words->at))
		words->at++;
	return words->at == words->end || *words->at == '#';
}

int words_take(struct words *words, char word[WORD_SIZE])
{
	size_t size = 0;

	if (words_at_end(words))
		return words_refuse(words, "something is missing at the end");
	while (words->at < words->end && !is_space(*words->at)) {
		if (!*words->at || size == WORD_SIZE - 1)
			return words_refuse(words, "a word is too long, or has a zero byte");
		word[size++] = *words->at++;
	}
	word[size] = '\0';
	return 0;
}

/* The byte that an escape of a string stands for, with the backslash at words->at. */
static int take_escape(struct words *words, char *byte)
{
	static const char names[] = "rnte\"\\", bytes[] = "\r\n\t\x1b\"\\";
	const char *name = words->at + 1 < words->end && words->at[1] ? strchr(names, words->at[1]) : NULL;
	char digits[3] = "";
	__u8 value;

	if (name) {
		*byte = bytes[name - names];
		words->at += 2;
		return 0;
	}
	if (words->end - words->at >= 4 && words->at[1] == 'x') {
		memcpy(digits, words->at + 2, 2);
		if (parse_hex(digits, &value, 1)) {
			*byte = (char)value;
			words->at += 4;
			return 0;
		}
	}
	return words_refuse(words, "not an escape: there are \\r \\n \\t \\e \\\" \\\\ and \\xNN");
}

/* What stands between the quotes, or slashes, into text. */
static int take_inside(struct words *words, char quote, char *text, size_t *size)
{
	int err = 0;

	while (words->at < words->end && *words->at != quote && !err) {
		if (*words->at != '\\') {
			text[(*size)++] = *words->at++;
		} else if (quote == '"') {
			err = take_escape(words, &text[(*size)++]);
		} else {
			/* The backslash stays but before a slash: regcomp(3) reads the escape. */
			bool has_next = words->at + 1 < words->end;

			if (!has_next || words->at[1] != '/')
				text[(*size)++] = *words->at;
			if (has_next)
				text[(*size)++] = words->at[1];
			words->at += 1 + has_next;
		}
	}
	return err;
}

int words_take_quoted(struct words *words, char **text, size_t *size, bool *is_expression)
{
	char quote = words_at_end(words) ? '\0' : *words->at;
	size_t most = (size_t)(words->end - words->at);
	int err;

	if (quote != '"' && quote != '/')
		return words_refuse(words, "a string in quotes, or an expression in slashes, is needed here");
	if (most > SCRIPT_STRING_MAX)
		return words_refuse(words, "the line is longer than 4096 bytes");
	*is_expression = quote == '/';
	*size = 0;
	*text = malloc(most + 1);
	if (!*text)
		return -ENOMEM;
	words->at++;
	err = take_inside(words, quote, *text, size);
	(*text)[*size] = '\0';
	if (err)
		return err;
	if (words->at == words->end)
		return words_refuse(words, "the string has no end: %c is missing", quote);
	words->at++;
	if (words->at < words->end && !is_space(*words->at))
		return words_refuse(words, "a space is needed behind a string");
	return 0;
}
