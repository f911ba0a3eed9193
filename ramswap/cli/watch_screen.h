/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal of ramswap watch. */
#ifndef RAMSWAP_CLI_WATCH_SCREEN_H
#define RAMSWAP_CLI_WATCH_SCREEN_H

#include "../status/watch.h"

/* Whether stdout is a terminal that can do more than lines. */
bool watch_screen_is_possible(void);

void watch_screen_open(void);
void watch_screen_close(void);

/* An exit code: what cannot be written main says. */
int watch_screen_draw(const struct watch_page *page);

enum watch_wish { WATCH_GO_ON, WATCH_DRAW, WATCH_QUIT };

/* Waits for a key, or until that time of CLOCK_MONOTONIC: WATCH_GO_ON. */
enum watch_wish watch_screen_wait(__u64 until);

#endif
