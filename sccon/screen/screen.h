/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the screen of a console shows, for who attaches later. libvterm follows the stream; nothing is ever answered. */
#ifndef SCCON_SCREEN_SCREEN_H
#define SCCON_SCREEN_SCREEN_H

#include <stddef.h>

enum {
	SCREEN_COLUMNS_MIN = 2, /* with one, libvterm 0.1 crashes at a wide character */
	SCREEN_ROWS_MAX = 300,
	SCREEN_COLUMNS_MAX = 500,
	SCREEN_SCROLLBACK_MAX = 10000, /* lines */
	SCREEN_REPLAY_LEAST = 4096, /* the least room for a replay */
};

/* All of scrollback has at most so many bytes; the oldest lines go first. */
#define SCREEN_SCROLLBACK_BYTES ((size_t)4 << 20)

struct screen;

/*
 * rows and columns: what is beyond the bounds above becomes them, and 0 rows become 1. scrollback: so many lines that left the
 * screen at its top are kept. NULL: memory is short.
 */
struct screen *screen_new(unsigned int rows, unsigned int columns, unsigned int scrollback);

/* NULL: nothing. */
void screen_free(struct screen *screen);

/* Bytes of the console, which may be any. */
void screen_put(struct screen *screen, const void *bytes, size_t size);

/* The console was told another size, with the bounds of screen_new. */
void screen_resize(struct screen *screen, unsigned int rows, unsigned int columns);

void screen_size(const struct screen *screen, unsigned int *rows, unsigned int *columns);

/* The size of a terminal. 0: not known. */
struct screen_window {
	unsigned int rows, columns;
};

/*
 * Bytes for a terminal that speaks UTF-8 and ECMA-48, as all do, in *bytes, to be freed: they clear it, put the
 * scrollback above the screen, draw the screen, and leave the cursor, the attributes of what comes next, the scrolling region,
 * and the modes of the keyboard, of mice and of what is drawn as the console has them. At most `most` bytes, which are at
 * least SCREEN_REPLAY_LEAST: what does not fit is left out: first the oldest lines of the scrollback, then attributes, then
 * the last rows. What is drawn cannot control a terminal otherwise: other characters are U+FFFD.
 *
 * window: of that terminal. If it is smaller than the screen, each row is cut to its width, and as many rows are drawn as it
 * has: the first ones, or, if the cursor is below them, those that end with the cursor's.
 *
 * Not known, and so left as a terminal has them at first: tabs, the saved cursor, whether the next character wraps, what is
 * behind an alternate screen. 0 or -ENOMEM.
 */
int screen_replay(struct screen *screen, struct screen_window window, size_t most, void **bytes, size_t *size);

#endif
