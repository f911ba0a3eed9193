// SPDX-License-Identifier: GPL-2.0-or-later
/* Each form of values, from text and to text. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/duration.h"
#include "../../lib/text/number.h"
#include "../../lib/text/size.h"
#include "expression.h"
#include "lines.h"
#include "keys.h"

_Static_assert((int)EXPRESSION_LENGTH_MAX == (int)RAMSWAP_EXPRESSION_MAX, "what can be set can be evaluated");

static const struct config_word *find_word(const struct config_word *words, const char *name)
{
	for (; words && words->name; words++)
		if (!strcmp(words->name, name))
			return words;
	return NULL;
}

static const char *word_of(const struct config_word *words, int value)
{
	for (; words && words->name; words++)
		if (words->value == value)
			return words->name;
	return NULL;
}

/* "auto, yes or no" */
static const char *list_words(const struct config_word *words, char *text, size_t size)
{
	size_t used = 0;

	for (const struct config_word *word = words; word->name && used < size; word++)
		used += (size_t)snprintf(text + used, size - used, "%s%s",
			word == words   ? "" :
			word[1].name    ? ", " :
					  " or ",
			word->name);
	return text;
}

static int take_choice(const struct config_key *key, void *field, const char *value, struct ramswap_problem *problem)
{
	const struct config_word *word = find_word(key->words, value);
	char names[64];

	if (!word)
		return config_fail(problem, -EINVAL, "it is %s", list_words(key->words, names, sizeof(names)));
	*(enum ramswap_use *)field = (enum ramswap_use)word->value;
	return 0;
}

static void print_choice(const struct config_key *key, const void *field, char *text)
{
	strcpy(text, word_of(key->words, (int)*(const enum ramswap_use *)field));
}

const struct config_form config_choice = { take_choice, print_choice };

static int take_flag(const struct config_key *key, void *field, const char *value, struct ramswap_problem *problem)
{
	bool *flag = field;

	(void)key;
	if (strcmp(value, "yes") && strcmp(value, "no"))
		return config_fail(problem, -EINVAL, "it is yes or no");
	*flag = !strcmp(value, "yes");
	return 0;
}

static void print_flag(const struct config_key *key, const void *field, char *text)
{
	(void)key;
	strcpy(text, *(const bool *)field ? "yes" : "no");
}

const struct config_form config_flag = { take_flag, print_flag };

static int take_number(const struct config_key *key, void *field, const char *value, struct ramswap_problem *problem)
{
	const struct config_word *word = find_word(key->words, value);
	int *number = field;
	__u64 parsed;

	if (!word && number_parse(value, (__u64)key->least, (__u64)key->most, &parsed))
		return config_fail(problem, -EINVAL, "it is a number from %d to %d, or %s", key->least, key->most,
			key->words->name);
	*number = word ? word->value : (int)parsed;
	return 0;
}

static void print_number(const struct config_key *key, const void *field, char *text)
{
	int number = *(const int *)field;

	snprintf(text, CONFIG_VALUE_MAX, "%d", number);
	if (word_of(key->words, number))
		strcpy(text, word_of(key->words, number));
}

const struct config_form config_number = { take_number, print_number };

static void print_text(const struct config_key *key, const void *field, char *text)
{
	memcpy(text, field, key->size);
}

static int copy_text(const struct config_key *key, void *field, const char *value, struct ramswap_problem *problem)
{
	if (strlen(value) >= key->size)
		return config_fail(problem, -EINVAL, "it has at most %zu bytes", key->size - 1);
	strcpy(field, value);
	return 0;
}

static int take_expression(
	const struct config_key *key, void *field, const char *value, struct ramswap_problem *problem)
{
	const struct expression_variable variables[] = EXPRESSION_VARIABLES(0, 0, 0);
	char words[256];

	if (expression_check(value, variables, sizeof(variables) / sizeof(*variables), words, sizeof(words)))
		return config_fail(problem, -EINVAL, "%s", words);
	return copy_text(key, field, value, problem);
}

const struct config_form config_expression = { take_expression, print_text };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define NAME_CHARACTERS LETTERS "_-."
/* The kernel takes parameters as words, with spaces between them. */
#define PARAMETER_CHARACTERS NAME_CHARACTERS "/+:@"

/* One PARAMETER=VALUE; *text is behind it. */
static bool skip_parameter(const char **text)
{
	size_t name = strspn(*text, NAME_CHARACTERS), value;

	if (!name || (*text)[name] != '=')
		return false;
	value = strspn(*text + name + 1, PARAMETER_CHARACTERS);
	*text += name + 1 + value;
	return value;
}

static bool is_algorithm(const char *text)
{
	size_t length = strspn(text, NAME_CHARACTERS);

	if (!length || length > RAMSWAP_NAME_MAX)
		return false;
	text += length;
	if (!*text)
		return true;
	if (*text != '(')
		return false;
	do {
		text++;
		if (!skip_parameter(&text))
			return false;
	} while (*text == ',');
	return *text == ')' && !text[1];
}

static int take_algorithm(
	const struct config_key *key, void *field, const char *value, struct ramswap_problem *problem)
{
	if (find_word(key->words, value) || is_algorithm(value))
		return copy_text(key, field, value, problem);
	return config_fail(problem, -EINVAL, "it is the name of an algorithm, lz4, or with parameters, "
					     "zstd(level=3,dict=/etc/zram.dict)%s",
		key->words ? ", or none" : "");
}

const struct config_form config_algorithm = { take_algorithm, print_text };

static int take_path(const struct config_key *key, void *field, const char *value, struct ramswap_problem *problem)
{
	if (*value != '/')
		return config_fail(problem, -EINVAL, "a path begins with /");
	return copy_text(key, field, value, problem);
}

const struct config_form config_path = { take_path, print_text };

/* Whole milliseconds, so that the same is printed. */
static int take_duration(const struct config_key *key, void *field, const char *value, struct ramswap_problem *problem)
{
	double seconds = 0, *duration = field;

	(void)key;
	if (strcmp(value, "none") && (duration_parse(value, &seconds) || seconds < 1))
		return config_fail(problem, -EINVAL, "it is " DURATION_RULE ", from 1s to 366d, or none");
	*duration = (double)(__u64)(seconds * 1000 + 0.5) / 1000;
	return 0;
}

static const struct {
	const char *name;
	__u64 milliseconds;
} duration_units[] = { { "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 } };

static void print_duration(const struct config_key *key, const void *field, char *text)
{
	__u64 milliseconds = (__u64)(*(const double *)field * 1000 + 0.5);
	size_t unit = 0;

	(void)key;
	strcpy(text, "none");
	if (!milliseconds)
		return;
	while (milliseconds % duration_units[unit].milliseconds)
		unit++;
	sprintf(text, "%llu%s", (unsigned long long)(milliseconds / duration_units[unit].milliseconds),
		duration_units[unit].name);
}

const struct config_form config_duration = { take_duration, print_duration };

static int take_size(const struct config_key *key, void *field, const char *value, struct ramswap_problem *problem)
{
	__u64 bytes = 0;

	(void)key;
	if (strcmp(value, "none") && size_parse(value, 4096, 1ULL << 60, &bytes))
		return config_fail(problem, -EINVAL, "it is " SIZE_RULE ", from 4K on, or none");
	*(__u64 *)field = bytes;
	return 0;
}

static void print_size(const struct config_key *key, const void *field, char *text)
{
	static const char *const units[] = { "", "K", "M", "G", "T" };
	__u64 number = *(const __u64 *)field;
	size_t unit = 0;

	(void)key;
	strcpy(text, "none");
	if (!number)
		return;
	for (; unit < 4 && !(number & 1023); unit++)
		number >>= 10;
	sprintf(text, "%llu%s", (unsigned long long)number, units[unit]);
}

const struct config_form config_size = { take_size, print_size };
