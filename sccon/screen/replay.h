/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a replay, for each other. */
#ifndef SCCON_SCREEN_REPLAY_H
#define SCCON_SCREEN_REPLAY_H

#include <stdio.h>
#include "internal.h"

/* replay_put_end puts less. */
enum { REPLAY_END_MOST = 384 };

/* The part of a screen that is drawn. */
struct view {
	int first; /* row */
	int rows, columns;
};

/* How many columns of a row of the screen are drawn. */
int replay_columns(const struct screen *screen, const struct view *view, int row);

/* Modes, the scrolling region, attributes and the cursor: what the console does next goes on from there. */
void replay_put_end(struct screen *screen, const struct view *view, FILE *out);

#endif
