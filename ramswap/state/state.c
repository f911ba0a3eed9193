// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps of ramswap up, read back. */
#include "state.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/file/below.h"
#include "../../lib/text/number.h"

static const struct {
	const char *word;
	enum state_kind kind;
} words[] = {
	{ "adding ", STATE_ADDING },
	{ "zram ", STATE_ZRAM },
	{ "module ", STATE_MODULE },
	{ "swap ", STATE_SWAP },
	{ "memory ", STATE_MEMORY },
	{ "tuned ", STATE_TUNED },
};

enum { ZRAM_MOST = 1 << 20 };

/* Nothing but printable ASCII is in a name of the kernel's; and no path of ours leaves its folder. */
static bool is_path(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return length && !memmem(text, length, "..", 2);
}

static bool is_value(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

static bool copy(char *to, size_t room, const char *from, size_t length)
{
	if (length >= room)
		return false;
	memcpy(to, from, length);
	to[length] = 0;
	return true;
}

static bool parse_zram(struct state_step *step, const char *text, size_t length)
{
	char digits[16];
	__u64 number;

	if (!copy(digits, sizeof(digits), text, length) || number_parse(digits, 0, ZRAM_MOST, &number))
		return false;
	snprintf(step->name, sizeof(step->name), "zram%u", (unsigned int)number);
	return true;
}

/* The text up to the next space, which is skipped. */
static bool take_word(char *to, size_t room, const char **text, size_t *length)
{
	const char *space = memchr(*text, ' ', *length);
	size_t word = space ? (size_t)(space - *text) : *length;

	if (!is_path(*text, word) || !copy(to, room, *text, word))
		return false;
	*text += word + (space != NULL);
	*length -= word + (space != NULL);
	return true;
}

/* "PATH VALUE WAS": the former value may have spaces in it, or be empty. */
static bool parse_tuned(struct state_step *step, const char *text, size_t length)
{
	return take_word(step->name, sizeof(step->name), &text, &length) && *step->name != '/' &&
	       take_word(step->value, sizeof(step->value), &text, &length) && is_value(text, length) &&
	       copy(step->was, sizeof(step->was), text, length);
}

static bool parse_swap(struct state_step *step, const char *text, size_t length)
{
	return take_word(step->name, sizeof(step->name), &text, &length) && !strncmp(step->name, "/dev/", 5) &&
	       (!length || take_word(step->value, sizeof(step->value), &text, &length)) && !length;
}

static bool parse_name(struct state_step *step, const char *text, size_t length)
{
	return *text != '/' && take_word(step->name, sizeof(step->name), &text, &length) && !length;
}

static bool parse_kind(struct state_step *step, const char *text, size_t length)
{
	switch (step->kind) {
	case STATE_ADDING:
	case STATE_ZRAM:
		return parse_zram(step, text, length);
	case STATE_SWAP:
		return parse_swap(step, text, length);
	case STATE_TUNED:
		return parse_tuned(step, text, length);
	default:
		return parse_name(step, text, length);
	}
}

static bool parse_step(struct state_step *step, const char *line, size_t length)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t begin = strlen(words[i].word);

		if (length < begin || memcmp(line, words[i].word, begin))
			continue;
		*step = (struct state_step){ .kind = words[i].kind };
		return parse_kind(step, line + begin, length - begin);
	}
	return false;
}

static size_t count_lines(const char *text, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++)
		count += text[i] == '\n';
	return count;
}

int state_parse(const char *text, size_t size, struct state *state)
{
	const char *end = text + size, *newline;

	*state = (struct state){ 0 };
	if (size > STATE_SIZE_MAX)
		return -EINVAL;
	state->steps = calloc(count_lines(text, size) + 1, sizeof(*state->steps));
	if (!state->steps)
		return -ENOMEM;
	/* A last line without its end was never synced, so its step was not made. */
	for (; text < end && (newline = memchr(text, '\n', (size_t)(end - text))); text = newline + 1) {
		if (!parse_step(&state->steps[state->count], text, (size_t)(newline - text))) {
			state_free(state);
			return -EINVAL;
		}
		state->count++;
	}
	return 0;
}

int state_read(int root, struct state *state)
{
	char *text;
	size_t size;
	int err = file_read_below(root, STATE_FILE, STATE_SIZE_MAX, &text, &size);

	*state = (struct state){ 0 };
	if (err == -ENOENT || err == -ENOTDIR)
		return 0;
	if (err)
		return err == -EFBIG ? -EINVAL : err;
	err = state_parse(text, size, state);
	free(text);
	return err;
}

void state_free(struct state *state)
{
	free(state->steps);
	*state = (struct state){ 0 };
}

ssize_t state_find(const struct state *state, enum state_kind kind, const char *name)
{
	for (size_t i = state->count; i-- > 0;) {
		const char *has = state->steps[i].name;

		if (state->steps[i].kind != kind)
			continue;
		if (!strcmp(has, name) || (kind == STATE_SWAP && !strncmp(has, "/dev/", 5) && !strcmp(has + 5, name)))
			return (ssize_t)i;
	}
	return -1;
}

bool state_has(const struct state *state, enum state_kind kind, const char *name)
{
	return state_find(state, kind, name) >= 0;
}
