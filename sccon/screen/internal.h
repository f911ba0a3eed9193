/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SCCON_SCREEN_INTERNAL_H
#define SCCON_SCREEN_INTERNAL_H

#include <stdbool.h>
#include <sys/queue.h>
#include <vterm.h>
#include "filter.h"
#include "screen.h"

/* A line that left the screen at its top, as bytes for a terminal with its end. */
struct scrollback_line {
	STAILQ_ENTRY(scrollback_line) next;
	size_t size;
	char bytes[];
};

struct screen {
	VTerm *terminal;
	VTermScreen *cells;
	struct filter filter;
	VTermPos cursor; /* before the last bytes */
	unsigned int rows, columns, scrollback;
	bool is_cursor_visible, is_alternate, is_reverse;
	STAILQ_HEAD(, scrollback_line) lines; /* the oldest is the first */
	unsigned int line_count;
	size_t line_bytes;
	/* What libvterm would send to the console: answers, which nobody gets, and keys, which tell their modes. */
	char answer[64];
	size_t answer_size;
};

#endif
