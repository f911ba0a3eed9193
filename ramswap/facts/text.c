// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "../facts.h"

enum { LIST_MOST = 65536 };

void facts_lines_begin(struct facts_lines *lines, const char *text, size_t size)
{
	lines->at = text;
	lines->end = text + size;
}

bool facts_line_next(struct facts_lines *lines)
{
	size_t rest = (size_t)(lines->end - lines->at), length;
	const char *newline = rest ? memchr(lines->at, '\n', rest) : NULL;

	if (!rest)
		return false;
	length = newline ? (size_t)(newline - lines->at) : rest;
	memcpy(lines->line, lines->at, length < FACTS_LINE_MAX ? length : FACTS_LINE_MAX);
	lines->line[length < FACTS_LINE_MAX ? length : FACTS_LINE_MAX] = 0;
	lines->at += newline ? length + 1 : length;
	return true;
}

char *facts_word_next(char **at)
{
	char *word = *at + strspn(*at, " \t");
	size_t length = strcspn(word, " \t");

	if (!length)
		return NULL;
	*at = word + length;
	if (**at)
		*(*at)++ = 0;
	return word;
}

bool facts_parse_number(const char *text, __u64 most, __u64 *number)
{
	return !number_parse(text, 0, most, number);
}

bool facts_parse_signed(const char *text, __s64 most, __s64 *number)
{
	bool is_negative = *text == '-';
	__u64 value;

	if (number_parse(text + is_negative, 0, (__u64)most + is_negative, &value))
		return false;
	/* The least one has no positive counterpart. */
	*number = is_negative ? -(__s64)(value - 1) - 1 : (__s64)value;
	return true;
}

bool facts_parse_hex(const char *text, __u64 most, __u64 *number)
{
	__u64 value;

	if (number_parse_hex(text, &value) || value > most)
		return false;
	*number = value;
	return true;
}

bool facts_parse_device(const char *text, unsigned int *major, unsigned int *minor)
{
	__u64 first, second;

	/* MINORBITS is 20. */
	if (number_read(&text, &first) || *text++ != ':' || number_read(&text, &second) || *text || first >> 12 ||
		second >> 20)
		return false;
	*major = (unsigned int)first;
	*minor = (unsigned int)second;
	return true;
}

/* The next "first" or "first-last"; false: the list ends here, or is none. */
static bool next_span(const char **text, __u64 *first, __u64 *last)
{
	if (**text == ',')
		(*text)++;
	if (number_read(text, first))
		return false;
	*last = *first;
	if (**text == '-') {
		(*text)++;
		if (number_read(text, last))
			return false;
	}
	return *first <= *last && *last < LIST_MOST;
}

unsigned int facts_parse_list_count(const char *text)
{
	__u64 first, last, count = 0;

	while (next_span(&text, &first, &last) && count < LIST_MOST)
		count += last - first + 1;
	return count < LIST_MOST ? (unsigned int)count : LIST_MOST;
}

bool facts_list_has(const char *text, unsigned int number)
{
	__u64 first, last;

	while (next_span(&text, &first, &last))
		if (number >= first && number <= last)
			return true;
	return false;
}

bool facts_copy_name(char *name, const char *text)
{
	size_t length = strlen(text);
	bool is_good = length && length <= RAMSWAP_NAME_MAX && !strchr(text, '/');

	memcpy(name, text, is_good ? length + 1 : 0);
	if (!is_good)
		*name = 0;
	return is_good;
}

static bool is_octal(char digit)
{
	return digit >= '0' && digit <= '7';
}

void facts_undo_escapes(char *text)
{
	char *to = text;

	while (*text) {
		if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && is_octal(text[2]) && is_octal(text[3])) {
			*to = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
			text += 4;
			/* No path has a 0 in it. */
			to += *to != 0;
		} else {
			*to++ = *text++;
		}
	}
	*to = 0;
}

bool facts_has_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += length)
		if ((at == text || strchr(" \t\n", at[-1])) && strchr(" \t\n", at[length]))
			return true;
	return false;
}

void *facts_grow(void *array, size_t count, size_t size)
{
	/* Room for a power of two. */
	bool is_full = !(count & (count - 1));
	char *grown = is_full ? reallocarray(array, count ? count * 2 : 1, size) : array;

	if (grown)
		memset(grown + count * size, 0, size);
	return grown;
}
