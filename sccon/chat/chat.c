// SPDX-License-Identifier: GPL-2.0-or-later
#include "chat.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/time/clock.h"

/* How long expect waits before the script says something else. */
#define TIMEOUT_USUAL 30.0

struct chat {
	const struct chat_script *script;
	size_t step; /* the one that is carried out */
	bool has_begun; /* it has, at .. until: */
	__u64 until;
	double timeout;
	bool is_ended, has_failed;
	struct chat_action failure;
	size_t *watched; /* for each CHAT_ON that was passed: from where in the buffer it looks */
	size_t size, taken; /* of the buffer; so much of it was matched by an expect */
	bool is_cut; /* what came first is not in the buffer any more */
	char buffer[CHAT_BUFFER + 1]; /* a 0 at its end */
};

struct chat *chat_new(const struct chat_script *script)
{
	struct chat *chat = calloc(1, sizeof(*chat));

	if (!chat)
		return NULL;
	chat->script = script;
	chat->timeout = TIMEOUT_USUAL;
	chat->watched = calloc(script->count ? script->count : 1, sizeof(*chat->watched));
	if (chat->watched)
		return chat;
	free(chat);
	return NULL;
}

void chat_free(struct chat *chat)
{
	if (chat)
		free(chat->watched);
	free(chat);
}

/* --- the buffer */

static size_t less(size_t number, size_t by)
{
	return number > by ? number - by : 0;
}

static void drop_half(struct chat *chat)
{
	size_t gone = CHAT_BUFFER / 2;

	chat->size -= gone;
	memmove(chat->buffer, chat->buffer + gone, chat->size);
	chat->taken = less(chat->taken, gone);
	for (size_t i = 0; i < chat->step; i++)
		chat->watched[i] = less(chat->watched[i], gone);
	chat->is_cut = true;
}

void chat_put(struct chat *chat, const char *bytes, size_t size)
{
	if (chat->size + size > CHAT_BUFFER)
		drop_half(chat);
	memcpy(chat->buffer + chat->size, bytes, size);
	chat->size += size;
	chat->buffer[chat->size] = '\0';
}

void chat_put_end(struct chat *chat)
{
	chat->is_ended = true;
}

const char *chat_last(const struct chat *chat, size_t most, size_t *size)
{
	*size = chat->size < most ? chat->size : most;
	return chat->buffer + chat->size - *size;
}

/* --- failures */

static enum chat_do fail(struct chat *chat, const struct chat_step *step, const char *format, ...) __attribute__((format(printf, 3, 4)));

static enum chat_do fail(struct chat *chat, const struct chat_step *step, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(chat->failure.words, sizeof(chat->failure.words), format, arguments);
	va_end(arguments);
	chat->failure.line = step->line;
	chat->has_failed = true;
	return CHAT_DO_FAIL;
}

/* As it stands in the script, but for escapes. */
static void print_pattern(char text[PATTERN_EXPRESSION_MAX + 8], const struct pattern *pattern)
{
	snprintf(text, PATTERN_EXPRESSION_MAX + 8, pattern->is_expression ? "/%s/" : "\"%s\"", pattern->text);
}

/* Whether what must not come is there, beginning before the end: the script has failed. */
static bool is_watched_there(struct chat *chat, size_t end)
{
	const struct chat_step *first = NULL;
	char text[PATTERN_EXPRESSION_MAX + 8];
	size_t first_begin = end;

	for (size_t i = 0; i < chat->step; i++) {
		const struct chat_step *step = &chat->script->steps[i];
		size_t begin, stop;

		if (step->verb != CHAT_ON ||
			!pattern_find(&step->pattern, chat->buffer, chat->watched[i], chat->size, chat->is_cut, &begin, &stop) ||
			begin >= first_begin)
			continue;
		first = step;
		first_begin = begin;
	}
	if (!first)
		return false;
	print_pattern(text, &first->pattern);
	if (first->text)
		fail(chat, first, "%s", first->text);
	else
		fail(chat, first, "%s came", text);
	return true;
}

/* --- steps */

static enum chat_do wait_until(struct chat_action *action, __u64 until)
{
	action->until = until;
	return CHAT_DO_WAIT;
}

static void begin(struct chat *chat, __u64 now, double seconds)
{
	if (chat->has_begun)
		return;
	chat->has_begun = true;
	chat->until = now + (__u64)(seconds * (double)CLOCK_SECOND);
}

static void go_on(struct chat *chat)
{
	chat->step++;
	chat->has_begun = false;
}

/* CHAT_DO_END: it is done. */
static enum chat_do expect(struct chat *chat, const struct chat_step *step, __u64 now, struct chat_action *action)
{
	char text[PATTERN_EXPRESSION_MAX + 8];
	size_t from, end = chat->size;
	bool is_there;

	begin(chat, now, chat->timeout);
	is_there = pattern_find(&step->pattern, chat->buffer, chat->taken, chat->size, chat->is_cut, &from, &end);
	if (is_watched_there(chat, end))
		return CHAT_DO_FAIL;
	if (is_there) {
		chat->taken = end;
		return CHAT_DO_END;
	}
	print_pattern(text, &step->pattern);
	if (chat->is_ended)
		return fail(chat, step, "%s has not come before the console ended", text);
	if (now >= chat->until)
		return fail(chat, step, "%s has not come within %g s", text, chat->timeout);
	return wait_until(action, chat->until);
}

static enum chat_do pause_for(struct chat *chat, const struct chat_step *step, __u64 now, struct chat_action *action)
{
	begin(chat, now, step->seconds);
	if (is_watched_there(chat, chat->size))
		return CHAT_DO_FAIL;
	return now >= chat->until ? CHAT_DO_END : wait_until(action, chat->until);
}

/* CHAT_DO_END: go on with the next one. */
static enum chat_do take_step(struct chat *chat, const struct chat_step *step, __u64 now, struct chat_action *action)
{
	switch (step->verb) {
	case CHAT_EXPECT:
		return expect(chat, step, now, action);
	case CHAT_SLEEP:
		return pause_for(chat, step, now, action);
	case CHAT_TIMEOUT:
		chat->timeout = step->seconds;
		break;
	case CHAT_ON:
		chat->watched[chat->step] = chat->taken;
		break;
	case CHAT_FAIL:
		return fail(chat, step, "%s", step->text);
	case CHAT_SEND:
		return CHAT_DO_SEND;
	case CHAT_PRINT:
		return CHAT_DO_PRINT;
	case CHAT_BREAK:
		return CHAT_DO_BREAK;
	case CHAT_WINDOW:
		return CHAT_DO_WINDOW;
	}
	return CHAT_DO_END;
}

enum chat_do chat_next(struct chat *chat, __u64 now, struct chat_action *action)
{
	enum chat_do what = CHAT_DO_END;

	while (!chat->has_failed && chat->step < chat->script->count && what == CHAT_DO_END) {
		const struct chat_step *step = &chat->script->steps[chat->step];

		what = take_step(chat, step, now, action);
		if (what == CHAT_DO_WAIT || what == CHAT_DO_FAIL)
			break;
		action->text = step->text;
		action->size = step->size;
		action->rows = step->rows;
		action->columns = step->columns;
		go_on(chat);
	}
	if (!chat->has_failed)
		return what;
	action->line = chat->failure.line;
	memcpy(action->words, chat->failure.words, sizeof(action->words));
	return CHAT_DO_FAIL;
}
