// SPDX-License-Identifier: GPL-2.0-or-later
#include "keys.h"
#include <stdio.h>
#include <string.h>
#include "../../lib/text/duration.h"
#include "screen.h"

/* To the next row with the searched text in a name, from a row on, and round. */
static void find(struct source *source, const struct rows *rows, struct view *view, size_t from)
{
	for (size_t i = 0; *view->search && i < rows->count; i++) {
		size_t at = (from + i) % rows->count;

		if (row_matches(source, &rows->rows[at], view->search)) {
			view->top = at;
			return;
		}
	}
	if (*view->search)
		snprintf(view->message, sizeof(view->message), "not found");
}

static void try_filter(struct view *view, const char *expression)
{
	const char *problem = choice_set_filter(&view->choice, expression);

	if (problem) {
		snprintf(view->message, sizeof(view->message), "%s", problem);
		return;
	}
	snprintf(view->filter, sizeof(view->filter), "%s", expression);
	view->top = 0;
}

static void set_delay(struct view *view)
{
	double seconds;

	if (!duration_parse(view->typed, &seconds))
		view->delay = seconds;
	else if (*view->typed)
		snprintf(view->message, sizeof(view->message), "not a delay: %.60s", view->typed);
}

/* What is typed has an effect while it is typed. */
static void apply_typed(struct source *source, const struct rows *rows, struct view *view)
{
	if (view->prompt == PROMPT_SEARCH) {
		snprintf(view->search, sizeof(view->search), "%s", view->typed);
		find(source, rows, view, 0);
	} else if (view->prompt == PROMPT_FILTER) {
		try_filter(view, view->typed);
	}
}

static void type(int key, struct source *source, const struct rows *rows, struct view *view)
{
	size_t length = strlen(view->typed);

	switch (key) {
	case KEY_DONE:
		if (view->prompt == PROMPT_DELAY)
			set_delay(view);
		view->prompt = PROMPT_NONE;
		return;
	case KEY_ESCAPE:
		view->typed[0] = '\0';
		apply_typed(source, rows, view);
		view->prompt = PROMPT_NONE;
		return;
	case KEY_ERASE:
		if (length)
			view->typed[length - 1] = '\0';
		break;
	case '\t':
		find(source, rows, view, view->top + 1);
		return;
	default:
		if (key < 0x20 || key >= 0x7f || length + 1 >= sizeof(view->typed))
			return;
		view->typed[length] = (char)key;
		view->typed[length + 1] = '\0';
	}
	apply_typed(source, rows, view);
}

static void ask(struct view *view, enum prompt prompt)
{
	view->prompt = prompt;
	view->typed[0] = '\0';
	if (prompt == PROMPT_FILTER)
		snprintf(view->typed, sizeof(view->typed), "%s", view->filter);
}

static void move(struct view *view, const struct rows *rows, int key, size_t shown)
{
	size_t last = rows->count ? rows->count - 1 : 0, jump = shown > 1 ? shown - 1 : 1;

	switch (key) {
	case KEY_MOVE_UP:
		view->top -= view->top > 0;
		break;
	case KEY_MOVE_DOWN:
		view->top += view->top < last;
		break;
	case KEY_PAGE_UP:
		view->top = view->top > jump ? view->top - jump : 0;
		break;
	case KEY_PAGE_DOWN:
		view->top = last - view->top > jump ? view->top + jump : last;
		break;
	case KEY_TO_TOP:
		view->top = 0;
		break;
	default:
		view->top = rows->count > shown ? rows->count - shown : 0;
	}
}

/* < > [ ] and the arrows, faster and slower. */
static enum wish play(int key, struct view *view)
{
	switch (key) {
	case KEY_STEP_BACK:
	case '<':
	case ',':
		view->paused = true;
		return WISH_BACK;
	case KEY_STEP_ON:
	case '>':
	case '.':
		view->paused = true;
		return WISH_REFRESH;
	case '[':
		return WISH_FAR_BACK;
	case ']':
		return WISH_FAR_ON;
	case '{':
		return WISH_FIRST;
	case '}':
		return WISH_LAST;
	case '+':
		view->delay = view->delay < 1024 ? view->delay * 2 : view->delay;
		break;
	case '-':
		view->delay = view->delay > 1.0 / 1024 ? view->delay / 2 : view->delay;
		break;
	default:
		return WISH_DRAW;
	}
	snprintf(view->message, sizeof(view->message), "%g times as fast", view->delay);
	return WISH_DRAW;
}

static void sort_by(struct view *view, char letter)
{
	const struct criterion *criterion = find_criterion(letter);

	if (!criterion)
		return;
	view->choice.criterion = criterion;
	view->growth = view->growth || is_of_growth(criterion);
	view->top = 0;
}

static enum wish take_command(
	int key, struct source *source, const struct rows *rows, struct view *view)
{
	switch (key) {
	case 'q':
	case 'Q':
		return WISH_QUIT;
	case ' ':
		return WISH_REFRESH;
	case 'h':
	case 'H':
	case '?':
		view->help = true;
		break;
	case 'A':
		view->aliases = !view->aliases;
		break;
	case 'm':
	case 'M':
		view->nodes = !view->nodes;
		break;
	case 'e':
		view->human = !view->human;
		break;
	case 'x':
		view->growth = !view->growth;
		break;
	case 'r':
		view->choice.reversed = !view->choice.reversed;
		break;
	case 'w':
		view->choice.kind = (view->choice.kind + 1) % (UNRECLAIMABLE + 1);
		view->top = 0;
		break;
	case 'z':
		view->paused = !view->paused;
		break;
	case '0':
		if (source->recording)
			break;
		source_restart(source);
		return WISH_REFRESH;
	case '/':
		ask(view, PROMPT_SEARCH);
		break;
	case 'f':
		ask(view, PROMPT_FILTER);
		break;
	case 'd':
		if (!source->recording)
			ask(view, PROMPT_DELAY);
		break;
	case '\t':
		find(source, rows, view, view->top + 1);
		break;
	case KEY_ESCAPE:
		view->search[0] = '\0';
		break;
	default:
		if (key > 0 && key < 0x7f)
			sort_by(view, (char)key);
	}
	return WISH_DRAW;
}

enum wish take_key(
	int key, struct source *source, const struct rows *rows, struct view *view, size_t shown)
{
	enum wish wish;

	view->message[0] = '\0';
	if (key == KEY_CHANGED)
		return WISH_DRAW;
	if (view->prompt) {
		type(key, source, rows, view);
		return WISH_DRAW;
	}
	if (view->help) {
		view->help = false;
		return WISH_DRAW;
	}
	if (key >= KEY_MOVE_UP && key <= KEY_TO_END) {
		move(view, rows, key, shown);
		return WISH_DRAW;
	}
	if (source->recording) {
		wish = play(key, view);
		if (wish != WISH_DRAW || *view->message)
			return wish;
	}
	return take_command(key, source, rows, view);
}
