/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal, by ncurses. */
#ifndef SLABTOP_SCREEN_H
#define SLABTOP_SCREEN_H

#include "page.h"

/* Says on stderr what is wrong: EXIT_OK, EXIT_USAGE or EXIT_ERROR. */
int screen_open(bool colour);
/* Gives the terminal back as it was. */
void screen_close(void);

/* Of the terminal, in columns and rows, as of now. */
void screen_size(int *width, int *height);
/* Shows the page; what is as before is not written again. */
void screen_draw(const struct page *page);

/* What a key means; below 256 it is the character. */
enum key {
	KEY_NOTHING = -1, /* the time is over */
	KEY_CLOSED = -2, /* the terminal is gone */
	KEY_CHANGED = 256, /* the terminal's size */
	KEY_MOVE_UP,
	KEY_MOVE_DOWN,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_TO_TOP,
	KEY_TO_END,
	KEY_STEP_BACK,
	KEY_STEP_ON,
	KEY_ERASE,
	KEY_DONE,
	KEY_ESCAPE,
	KEY_OTHER,
};

/* The next key, or KEY_NOTHING once CLOCK_MONOTONIC shows that time, or at a signal. */
int screen_key(unsigned long long until);

#endif
