// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "internal.h"

int apply_fail(struct ramswap_problem *problem, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	return err;
}

int apply_state_read(int root, struct state *state, struct ramswap_problem *problem)
{
	int err = state_read(root, state);

	if (err == -EINVAL)
		return apply_fail(problem, err, "/%s: it is none of ramswap's", STATE_FILE);
	return err ? apply_fail(problem, err, "/%s: %s", STATE_FILE, strerror(-err)) : 0;
}

void apply_note(const struct apply_watcher *watcher, const char *format, ...)
{
	char text[sizeof(((struct ramswap_problem *)NULL)->text)];
	va_list arguments;

	if (!watcher->note)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	watcher->note(watcher->context, text);
}

bool apply_tell(const struct apply_watcher *watcher, enum apply_moment moment, const char *words)
{
	return !watcher->step || watcher->step(watcher->context, moment, words);
}
