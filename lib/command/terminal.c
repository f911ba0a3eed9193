// SPDX-License-Identifier: GPL-2.0-or-later
#include "terminal.h"
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* size is to be read; it is not what was told last. */
static volatile sig_atomic_t is_stale = 1, was_resized;

static void note_resize(int number)
{
	(void)number;
	is_stale = was_resized = 1;
}

bool terminal_follow(void)
{
	struct sigaction action = { .sa_handler = note_resize, .sa_flags = SA_RESTART };

	if (!isatty(STDOUT_FILENO))
		return false;
	sigaction(SIGWINCH, &action, NULL);
	return true;
}

struct terminal_size terminal_size(void)
{
	static struct terminal_size size;
	struct winsize told;

	if (!is_stale)
		return size;
	is_stale = 0; /* first: it may be resized meanwhile */
	size = (struct terminal_size){ .columns = 80, .rows = 24 };
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &told)) {
		size.columns = told.ws_col ? told.ws_col : size.columns;
		size.rows = told.ws_row ? told.ws_row : size.rows;
	}
	return size;
}

bool terminal_was_resized(void)
{
	bool answer = was_resized;

	was_resized = 0;
	return answer;
}
