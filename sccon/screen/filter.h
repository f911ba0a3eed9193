/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes to libvterm of a stream: text, and whole control sequences whose numbers are bounded. Strings to the terminal,
 * such as titles, do not; nor do C1 controls, nor what is no UTF-8, which becomes U+FFFD. libvterm 0.1 loops for ever at a
 * repetition of nothing (CSI b), writes beside its cells at a repetition of a wide character, moves the cursor out of the screen
 * at a C1 control, keeps any number of combining characters, and
 * writes beside its numbers at a sequence of more than 16, and beside its cells with a scrolling region out of the screen.
 * Margins at the left and right (CSI s) are left out. Of a sequence that sets several modes it takes the first one: it gets one
 * sequence a mode.
 */
#ifndef SCCON_SCREEN_FILTER_H
#define SCCON_SCREEN_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include "modes.h"

enum filter_state { FILTER_TEXT, FILTER_ESCAPE, FILTER_CSI, FILTER_STRING, FILTER_STRING_ESCAPE };

enum {
	FILTER_SEQUENCE_MAX = 64, /* a longer one is left out */
	FILTER_NUMBER_MAX = 9999, /* a larger one becomes this */
	FILTER_NUMBERS_MAX = 16,
	FILTER_REPEAT_MAX = 500, /* CSI b repeats a character so many times at most */
	FILTER_STILL_MAX = 8, /* characters that do not move the cursor, one behind the other */
};

/* Takes bytes: any number of ASCII and control characters and sequences, or one other character. */
typedef void filter_take(void *context, const char *bytes, size_t size);

/* Whether the last character has moved the cursor. */
typedef bool filter_has_moved(void *context);

/* All zero but for the functions and rows at first. */
struct filter {
	filter_take *take;
	filter_has_moved *has_moved;
	void *context;
	unsigned int rows; /* of the screen */
	enum filter_state state;
	char sequence[FILTER_SEQUENCE_MAX + 1]; /* the one that is not whole yet */
	size_t size;
	bool is_too_long;
	char character[5]; /* of UTF-8, not whole yet */
	size_t character_size;
	char last; /* the last character of text, for CSI b; 0: it was not of ASCII */
	unsigned int still;
	struct modes modes;
};

void filter_put(struct filter *filter, const char *bytes, size_t size);

#endif
