// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The screen is drawn with the sequences that every terminal of today has (ECMA-48). A library for all terminals
 * would have to be loaded by every other command, too, and take them longer than their work does.
 */
#include "watch_screen.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "../../lib/command/interrupt.h"
#include "../../lib/command/output.h"
#include "../../lib/command/terminal.h"
#include "../../lib/time/clock.h"
#include "cli.h"

/* The other screen, without a cursor; and back. */
#define BEGIN "\033[?1049h\033[?25l"
#define END "\033[?25h\033[?1049l"

/* There is one terminal. */
static struct {
	bool is_open;
	bool has_keys;
	struct termios before;
} screen;

bool watch_screen_is_possible(void)
{
	const char *name = getenv("TERM");

	return isatty(STDOUT_FILENO) && name && *name && strcmp(name, "dumb") != 0;
}

void watch_screen_open(void)
{
	struct termios keys;

	terminal_follow();
	screen.has_keys = isatty(STDIN_FILENO) && !tcgetattr(STDIN_FILENO, &screen.before);
	if (screen.has_keys) {
		keys = screen.before;
		keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		/* A program that is stopped would leave the shell with this screen. */
		keys.c_cc[VSUSP] = _POSIX_VDISABLE;
		keys.c_cc[VMIN] = 1;
		keys.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &keys);
	}
	fputs(BEGIN, stdout);
	screen.is_open = true;
}

void watch_screen_close(void)
{
	if (!screen.is_open)
		return;
	screen.is_open = false;
	fputs(END, stdout);
	fflush(stdout);
	if (screen.has_keys)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &screen.before);
}

/* Erasing begins with the row: behind its last column the cursor stands on that column. */
static void draw_line(const struct watch_line *line)
{
	fputs("\033[K", stdout);
	if (line->is_heading)
		fputs("\033[7m", stdout);
	fputs(line->text, stdout);
	if (line->is_heading)
		fputs("\033[m", stdout);
}

int watch_screen_draw(const struct watch_page *page)
{
	fputs("\033[H", stdout);
	for (size_t i = 0; i < page->count; i++) {
		if (i)
			fputs("\r\n", stdout);
		draw_line(&page->lines[i]);
	}
	if (page->count < page->rows)
		fputs("\r\n\033[J", stdout);
	return output_flush() ? EXIT_ERROR : EXIT_OK;
}

static enum watch_wish read_keys(void)
{
	char keys[64];
	ssize_t got = read(STDIN_FILENO, keys, sizeof(keys));

	/* There was something to read, and it was the end. */
	if (!got || (got < 0 && errno != EINTR && errno != EAGAIN))
		return WATCH_QUIT;
	for (ssize_t i = 0; i < got; i++)
		if (keys[i] == 'q' || keys[i] == 'Q')
			return WATCH_QUIT;
	return WATCH_GO_ON;
}

enum watch_wish watch_screen_wait(__u64 until)
{
	struct pollfd wait = { .fd = screen.has_keys ? STDIN_FILENO : -1, .events = POLLIN };
	enum watch_wish wish = WATCH_GO_ON;

	while (!interrupted && wish == WATCH_GO_ON) {
		__u64 now = clock_now();
		int ready;

		if (terminal_was_resized())
			return WATCH_DRAW;
		if (now >= until)
			return WATCH_GO_ON;
		/* A signal ends it: above is seen which. */
		ready = poll(&wait, 1, (int)((until - now + CLOCK_MILLISECOND - 1) / CLOCK_MILLISECOND));
		if (ready > 0)
			wish = wait.revents & POLLIN ? read_keys() : WATCH_QUIT;
	}
	return interrupted ? WATCH_QUIT : wish;
}
