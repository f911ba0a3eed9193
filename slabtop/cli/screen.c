// SPDX-License-Identifier: GPL-2.0-or-later
#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "cli.h"
#include "screen.h"

enum { PAIR_GROWS = 1, PAIR_GROWS_FOR_GOOD };

static SCREEN *terminal;
static bool has_keys;
static attr_t attributes[STYLE_STATUS + 1];

static void choose_attributes(bool colour)
{
	attributes[STYLE_HEADER] = A_REVERSE;
	attributes[STYLE_SORTED] = A_REVERSE | A_BOLD | A_UNDERLINE;
	attributes[STYLE_STATUS] = A_BOLD;
	attributes[STYLE_FOUND] = A_REVERSE;
	attributes[STYLE_GROWS] = A_NORMAL;
	attributes[STYLE_GROWS_FOR_GOOD] = A_BOLD;
	if (!colour || start_color() == ERR || !has_colors())
		return;
	use_default_colors();
	init_pair(PAIR_GROWS, COLOR_YELLOW, -1);
	init_pair(PAIR_GROWS_FOR_GOOD, COLOR_RED, -1);
	attributes[STYLE_GROWS] = COLOR_PAIR(PAIR_GROWS);
	attributes[STYLE_GROWS_FOR_GOOD] = COLOR_PAIR(PAIR_GROWS_FOR_GOOD) | A_BOLD;
}

int screen_open(bool colour)
{
	const char *name = getenv("TERM");

	if (!isatty(STDOUT_FILENO)) {
		complain(
			"the output is not a terminal: add --once, or --json, --csv, --prometheus");
		return EXIT_USAGE;
	}
	terminal = newterm(name, stdout, stdin);
	if (!terminal) {
		complain("TERM=%s: no such terminal is known: set TERM, or add --once",
			name ? name : "");
		return EXIT_ERROR;
	}
	has_keys = isatty(STDIN_FILENO);
	cbreak();
	noecho();
	nonl();
	typeahead(-1); /* a refresh is short: no look for keys in between */
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(50);
	curs_set(0);
	choose_attributes(colour);
	return EXIT_OK;
}

void screen_close(void)
{
	if (!terminal)
		return;
	endwin();
	delscreen(terminal);
	terminal = NULL;
}

void screen_size(int *width, int *height)
{
	getmaxyx(stdscr, *height, *width);
}

static void draw_line(const struct page_line *line)
{
	size_t at = 0;

	for (size_t i = 0; i < line->span_count; i++) {
		const struct span *span = &line->spans[i];

		addnstr(line->text + at, (int)(span->from - at));
		attrset((int)attributes[span->style]);
		addnstr(line->text + span->from, (int)span->length);
		attrset(A_NORMAL);
		at = span->from + span->length;
	}
	addnstr(line->text + at, (int)(line->length - at));
}

void screen_draw(const struct page *page)
{
	for (int i = 0; i < page->height; i++) {
		move(i, 0);
		draw_line(&page->lines[i]);
		if (getcurx(stdscr) < page->width && getcury(stdscr) == i)
			clrtoeol();
	}
	refresh();
}

static int translate(int code)
{
	static const struct {
		int code, key;
	} keys[] = {
		{ KEY_RESIZE, KEY_CHANGED },
		{ KEY_UP, KEY_MOVE_UP },
		{ KEY_DOWN, KEY_MOVE_DOWN },
		{ KEY_PPAGE, KEY_PAGE_UP },
		{ KEY_NPAGE, KEY_PAGE_DOWN },
		{ KEY_HOME, KEY_TO_TOP },
		{ KEY_END, KEY_TO_END },
		{ KEY_LEFT, KEY_STEP_BACK },
		{ KEY_RIGHT, KEY_STEP_ON },
		{ KEY_BACKSPACE, KEY_ERASE },
		{ '\b', KEY_ERASE },
		{ 0x7f, KEY_ERASE },
		{ KEY_ENTER, KEY_DONE },
		{ '\r', KEY_DONE },
		{ '\n', KEY_DONE },
		{ 0x1b, KEY_ESCAPE },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].code == code)
			return keys[i].key;
	return code < 256 ? code : KEY_OTHER;
}

static int milliseconds_until(unsigned long long until)
{
	unsigned long long now = clock_now();

	if (until <= now)
		return 0;
	return until - now > 3600000000000ULL ? 3600000 : (int)((until - now + 999999) / 1000000);
}

int screen_key(unsigned long long until)
{
	struct pollfd wait = { .fd = has_keys ? STDIN_FILENO : -1, .events = POLLIN };
	int code = has_keys || is_term_resized(LINES, COLS) ? getch() : ERR;

	if (code != ERR)
		return translate(code);
	if (poll(&wait, 1, milliseconds_until(until)) < 0)
		/* SIGWINCH among others: getch knows. */
		return errno == EINTR && !interrupted && (code = getch()) != ERR ? translate(code)
										 : KEY_NOTHING;
	if (wait.revents & (POLLHUP | POLLERR | POLLNVAL))
		return KEY_CLOSED;
	if (!(wait.revents & POLLIN))
		return KEY_NOTHING;
	code = getch();
	/* There was something to read, and it was the end. */
	return code == ERR ? KEY_CLOSED : translate(code);
}
