// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements, from words and strings. */
#include "script.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/duration.h"
#include "../../lib/text/nearest.h"
#include "../../lib/text/number.h"
#include "words.h"

static const char *const verbs[] = { "send", "expect", "timeout", "on", "sleep", "break", "window", "print", "fail", NULL };

static int take_duration(struct words *words, double *seconds)
{
	char word[WORD_SIZE];
	int err = words_take(words, word);

	if (err)
		return err;
	return duration_parse(word, seconds) ? words_refuse(words, "%s: not a duration: it is " DURATION_RULE, word) : 0;
}

static int take_number(struct words *words, unsigned int *number)
{
	char word[WORD_SIZE];
	int err = words_take(words, word);
	__u64 value;

	if (err)
		return err;
	if (number_parse(word, 1, 65535, &value))
		return words_refuse(words, "%s: not a number from 1 to 65535", word);
	*number = (unsigned int)value;
	return 0;
}

static int take_pattern(struct words *words, struct pattern *pattern)
{
	char wrong[PATTERN_WORDS_SIZE];
	int err = words_take_quoted(words, &pattern->text, &pattern->size, &pattern->is_expression);

	if (err)
		return err;
	if (!pattern->size)
		return words_refuse(words, "an empty pattern");
	if (pattern->is_expression && pattern_compile(pattern, wrong))
		return words_refuse(words, "/%s/: %s", pattern->text, wrong);
	return 0;
}

static int take_string(struct words *words, struct chat_step *step)
{
	bool is_expression;
	int err = words_take_quoted(words, &step->text, &step->size, &is_expression);

	if (err)
		return err;
	return is_expression ? words_refuse(words, "a string in quotes is needed here") : 0;
}

static int take_on(struct words *words, struct chat_step *step)
{
	char word[WORD_SIZE];
	int err = take_pattern(words, &step->pattern);

	if (!err)
		err = words_take(words, word);
	if (err)
		return err;
	if (strcmp(word, "fail"))
		return words_refuse(words, "%s: \"fail\" is needed here", word);
	return words_at_end(words) ? 0 : take_string(words, step);
}

static int take_arguments(struct words *words, struct chat_step *step)
{
	int err;

	switch (step->verb) {
	case CHAT_SEND:
	case CHAT_PRINT:
	case CHAT_FAIL:
		return take_string(words, step);
	case CHAT_EXPECT:
		return take_pattern(words, &step->pattern);
	case CHAT_ON:
		return take_on(words, step);
	case CHAT_TIMEOUT:
	case CHAT_SLEEP:
		return take_duration(words, &step->seconds);
	case CHAT_WINDOW:
		err = take_number(words, &step->rows);
		return err ? err : take_number(words, &step->columns);
	case CHAT_BREAK:
		break;
	}
	return 0;
}

static int take_verb(struct words *words, enum chat_verb *verb)
{
	char word[WORD_SIZE];
	struct nearest nearest = { .word = word };
	int err = words_take(words, word);

	if (err)
		return err;
	for (size_t i = 0; verbs[i]; i++) {
		if (!strcmp(word, verbs[i])) {
			*verb = (enum chat_verb)i;
			return 0;
		}
		nearest_try(&nearest, verbs[i]);
	}
	if (nearest.name)
		return words_refuse(words, "%s: no such statement; did you mean %s?", word, nearest.name);
	return words_refuse(words, "%s: no such statement", word);
}

/* The statement of a line, if there is one. */
static int take_line(struct words *words, struct chat_script *script)
{
	struct chat_step step = { .line = words->line };
	int err;

	if (words_at_end(words))
		return 0;
	if (script->count == SCRIPT_STEPS_MAX)
		return words_refuse(words, "more than 10000 statements");
	err = take_verb(words, &step.verb);
	if (!err)
		err = take_arguments(words, &step);
	if (!err && !words_at_end(words))
		err = words_refuse(words, "something behind the end of the statement");
	script->steps[script->count++] = step;
	return err;
}

/* Room for a step for each line, but for no more than there may be. */
static struct chat_script *script_new(const char *text, size_t size)
{
	struct chat_script *script = calloc(1, sizeof(*script));
	size_t lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	if (script)
		script->steps = calloc(lines < SCRIPT_STEPS_MAX ? lines : SCRIPT_STEPS_MAX, sizeof(*script->steps));
	if (script && script->steps)
		return script;
	free(script);
	return NULL;
}

int chat_script_parse(const char *text, size_t size, struct chat_script **script, struct chat_error *error)
{
	struct words words = { .error = error };
	const char *end = text + size;
	int err = 0;

	if (size > SCRIPT_SIZE_MAX)
		return words_refuse(&words, "larger than a mebibyte");
	*script = script_new(text, size);
	if (!*script)
		return -ENOMEM;
	while (!err && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		words.line++;
		words.at = text;
		words.end = newline ? newline : end;
		err = take_line(&words, *script);
		text = newline ? newline + 1 : end;
	}
	if (!err)
		return 0;
	chat_script_free(*script);
	*script = NULL;
	return err;
}

void chat_script_free(struct chat_script *script)
{
	if (!script)
		return;
	for (size_t i = 0; i < script->count; i++) {
		pattern_free(&script->steps[i].pattern);
		free(script->steps[i].text);
	}
	free(script->steps);
	free(script);
}
