// SPDX-License-Identifier: GPL-2.0-or-later
#include "columns.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "text.h"

#define ELLIPSIS "…"

/* The character at text, which is not its end; *length: its bytes. */
static size_t character_columns(const char *text, size_t *length)
{
	unsigned int character;
	int columns;

	*length = text_character(text, &character);
	columns = *length > 1 ? wcwidth((wchar_t)character) : 1;
	*length += !*length;
	return columns < 0 ? 1 : (size_t)columns;
}

size_t text_columns(const char *text)
{
	size_t columns = 0, length;

	for (; *text; text += length)
		columns += character_columns(text, &length);
	return columns;
}

/* The bytes at the beginning of text that take at most so many columns. */
static size_t head_bytes(const char *text, size_t columns)
{
	size_t bytes = 0, length, wide;

	while (text[bytes]) {
		wide = character_columns(text + bytes, &length);
		if (wide > columns)
			break;
		columns -= wide;
		bytes += length;
	}
	return bytes;
}

/* Where the end of text begins that takes at most so many columns. */
static const char *tail_of(const char *text, size_t columns)
{
	size_t all = text_columns(text), length;

	for (; all > columns; text += length)
		all -= character_columns(text, &length);
	return text;
}

/* The first head_columns of text, an ellipsis, tail. */
static char *join(const char *text, size_t head_columns, const char *tail)
{
	size_t head = head_bytes(text, head_columns), size = head + sizeof(ELLIPSIS) + strlen(tail);
	char *joined = malloc(size);

	if (!joined)
		return NULL;
	memcpy(joined, text, head);
	strcpy(joined + head, ELLIPSIS);
	strcat(joined, tail);
	return joined;
}

char *cut_end(const char *text, size_t columns)
{
	if (text_columns(text) <= columns)
		return strdup(text);
	return columns ? join(text, columns - 1, "") : strdup("");
}

char *cut_path(const char *path, size_t columns)
{
	const char *name = strrchr(path, '/');
	size_t name_columns = name ? text_columns(name) : 0;

	if (text_columns(path) <= columns)
		return strdup(path);
	if (columns < 3)
		return cut_end(path, columns);
	if (name && name_columns < columns)
		return join(path, columns - 1 - name_columns, name);
	return join(path, columns / 2 - 1, tail_of(path, columns - columns / 2));
}

char *cut_command(const char *line, size_t word_bytes, size_t columns)
{
	size_t all = text_columns(line), rest, room;
	char *word, *cut_word, *cut_line = NULL, *cut;

	if (all <= columns)
		return strdup(line);
	word = strndup(line, word_bytes);
	if (!word)
		return NULL;
	rest = all - text_columns(word);
	/* What the arguments leave, and half of it all in any case. */
	room = rest < columns / 2 ? columns - rest : columns - columns / 2;
	cut_word = cut_path(word, room);
	if (cut_word && (cut_line = malloc(strlen(cut_word) + strlen(line) + 1))) {
		strcpy(cut_line, cut_word);
		strcat(cut_line, line + word_bytes);
	}
	cut = cut_line ? cut_end(cut_line, columns) : NULL;
	free(cut_line);
	free(cut_word);
	free(word);
	return cut;
}
