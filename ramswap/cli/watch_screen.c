// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch_screen.h"
#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include "../../lib/command/interrupt.h"
#include "../../lib/time/clock.h"
#include "cli.h"

/* curses has one terminal, too. */
static SCREEN *terminal;
static bool has_keys;

int watch_screen_open(void)
{
	const char *name = getenv("TERM");

	terminal = newterm(name, stdout, stdin);
	if (!terminal) {
		complain("TERM=%s: no such terminal is known: set TERM, or let the output go to a pipe", name ? name : "");
		return EXIT_ERROR;
	}
	has_keys = isatty(STDIN_FILENO);
	cbreak();
	noecho();
	nonl();
	typeahead(-1); /* a refresh is short: no look for keys in between */
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	return EXIT_OK;
}

void watch_screen_close(void)
{
	if (!terminal)
		return;
	endwin();
	delscreen(terminal);
	terminal = NULL;
}

void watch_screen_size(size_t *columns, size_t *rows)
{
	int width, height;

	getmaxyx(stdscr, height, width);
	*columns = width > 0 ? (size_t)width : 0;
	*rows = height > 0 ? (size_t)height : 0;
}

void watch_screen_draw(const struct watch_page *page)
{
	erase();
	for (size_t i = 0; i < page->count; i++) {
		attrset(page->lines[i].is_heading ? (int)A_REVERSE : (int)A_NORMAL);
		mvaddstr((int)i, 0, page->lines[i].text);
	}
	attrset((int)A_NORMAL);
	refresh();
}

static enum watch_wish wish_of(int key)
{
	if (key == KEY_RESIZE)
		return WATCH_DRAW;
	return key == 'q' || key == 'Q' ? WATCH_QUIT : WATCH_GO_ON;
}

/* A key that is there, or a terminal that was resized; ERR: neither. */
static int next_key(void)
{
	return has_keys || is_term_resized(LINES, COLS) ? getch() : ERR;
}

enum watch_wish watch_screen_wait(__u64 until)
{
	struct pollfd wait = { .fd = has_keys ? STDIN_FILENO : -1, .events = POLLIN };

	while (!interrupted) {
		__u64 now = clock_now();
		int key = next_key();
		enum watch_wish wish = key == ERR ? WATCH_GO_ON : wish_of(key);

		if (wish != WATCH_GO_ON)
			return wish;
		if (key != ERR)
			continue;
		if (now >= until)
			return WATCH_GO_ON;
		/* SIGWINCH ends it, and next_key knows. */
		if (poll(&wait, 1, (int)((until - now + CLOCK_MILLISECOND - 1) / CLOCK_MILLISECOND)) < 0 && errno != EINTR)
			return WATCH_QUIT;
		if (wait.revents & (POLLHUP | POLLERR | POLLNVAL))
			return WATCH_QUIT;
		if ((wait.revents & POLLIN) && (key = getch()) == ERR)
			return WATCH_QUIT; /* there was something to read, and it was the end */
		if ((wait.revents & POLLIN) && wish_of(key) != WATCH_GO_ON)
			return wish_of(key);
	}
	return WATCH_QUIT;
}
