/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal of who attaches: raw while it is, and as it was in every way of ending but SIGKILL. */
#ifndef SCCON_CLI_SCREEN_TERMINAL_H
#define SCCON_CLI_SCREEN_TERMINAL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include "../protocol/frame.h"

/* What came, by signals. */
extern volatile sig_atomic_t terminal_end, terminal_resized, terminal_continued;

/*
 * Signals come from now on only while ppoll(2) waits with this mask, and while something is printed: who is told to end while the
 * terminal takes nothing ends at once.
 */
void terminal_signals(sigset_t *mask);

/* Whether standard input is a terminal. It is raw from now on; again if it was. */
bool terminal_raw(void);

/* As it was. is_last: also what the machine may have switched on, such as a mouse that reports. */
void terminal_restore(bool is_last);

/* All of it; 0 or a negative errno. */
int terminal_write(int fd, const void *bytes, size_t size);

/* A line of our own on standard error. Any bytes: what could speak to the terminal is escaped. */
void terminal_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* 0 x 0: it is none. */
struct frame_window terminal_window(void);

/* Stops this program as Ctrl-Z does, and goes on. */
void terminal_suspend(void);

#endif
