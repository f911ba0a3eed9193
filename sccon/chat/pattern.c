// SPDX-License-Identifier: GPL-2.0-or-later
#include "pattern.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refuse(char words[PATTERN_WORDS_SIZE], const char *what)
{
	snprintf(words, PATTERN_WORDS_SIZE, "%s", what);
	return -EINVAL;
}

/* The larger number of {N}, {N,} and {N,M} at text; 0: it is none. */
static unsigned long repeats(const char *text)
{
	char *end;
	unsigned long least = 0, most = 0;

	if (text[1] >= '0' && text[1] <= '9') {
		least = strtoul(text + 1, &end, 10);
		if (*end == ',')
			most = strtoul(end + 1, NULL, 10);
	} else if (text[1] == ',') {
		most = strtoul(text + 2, NULL, 10);
	}
	return least > most ? least : most;
}

/* What would take regcomp(3) or regexec(3) much memory or time. */
static int check_bounds(const struct pattern *pattern, char words[PATTERN_WORDS_SIZE])
{
	unsigned long product = 1;
	unsigned int depth = 0;

	if (pattern->size > PATTERN_EXPRESSION_MAX)
		return refuse(words, "the expression is longer than 256 bytes");
	if (memchr(pattern->text, '\0', pattern->size))
		return refuse(words, "a zero byte in an expression");
	for (const char *text = pattern->text; *text; text++) {
		if (*text == '\\') {
			if (text[1] >= '1' && text[1] <= '9')
				return refuse(words, "references such as \\1 are not supported");
			text += text[1] != '\0';
		} else if (*text == '(' && ++depth > PATTERN_DEPTH_MAX) {
			return refuse(words, "more than 16 groups in each other");
		} else if (*text == ')' && depth) {
			depth--;
		} else if (*text == '+' && text > pattern->text && strchr("*+?}", text[-1])) {
			/* regcomp(3) copies what is before each +: a row of them takes any memory. In brackets [+*] is the way. */
			return refuse(words, "+ after another repetition");
		} else if (*text == '+' && text > pattern->text && text[-1] == ')') {
			product *= 2;
			if (product > PATTERN_REPEATS_MAX)
				return refuse(words, "(...)+ doubles what is repeated too often");
		} else if (*text == '{') {
			unsigned long count = repeats(text);

			product *= count ? count : 1;
			if (count > PATTERN_REPEATS_MAX || product > PATTERN_REPEATS_MAX)
				return refuse(words, "{N} repeats more than 256 times, all of them multiplied");
		}
	}
	return 0;
}

int pattern_compile(struct pattern *pattern, char words[PATTERN_WORDS_SIZE])
{
	int err = check_bounds(pattern, words);

	if (err)
		return err;
	err = regcomp(&pattern->expression, pattern->text, REG_EXTENDED | REG_NEWLINE);
	if (err) {
		regerror(err, &pattern->expression, words, PATTERN_WORDS_SIZE);
		return -EINVAL;
	}
	pattern->is_compiled = true;
	return 0;
}

bool pattern_find(const struct pattern *pattern, const char *bytes, size_t from, size_t size, bool is_cut, size_t *begin, size_t *end)
{
	regmatch_t match = { .rm_so = (regoff_t)from, .rm_eo = (regoff_t)size };
	const char *found;

	if (pattern->is_expression) {
		if (regexec(&pattern->expression, bytes, 1, &match, REG_STARTEND | (is_cut ? REG_NOTBOL : 0)))
			return false;
		*begin = (size_t)match.rm_so;
		*end = (size_t)match.rm_eo;
		return true;
	}
	found = memmem(bytes + from, size - from, pattern->text, pattern->size);
	if (!found)
		return false;
	*begin = (size_t)(found - bytes);
	*end = *begin + pattern->size;
	return true;
}

void pattern_free(struct pattern *pattern)
{
	if (pattern->is_compiled)
		regfree(&pattern->expression);
	free(pattern->text);
}
