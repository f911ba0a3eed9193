/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages, and what happens besides, as lines for people. */
#ifndef KERNKIT_NETCON_LINE_H
#define KERNKIT_NETCON_LINE_H

#include <stdio.h>
#include "output.h"

/*
 * One line, with its newline, in which nothing can speak to a terminal:
 *
 *   2026-01-31T12:00:00.123Z 192.0.2.1 1822 kern.info [  115.075213] text {DEVICE=+pci:0000:00:1f.0}
 *
 * when it arrived, from whom (with the port, if that is not 6665), its sequence number, facility and level, the time on the
 * kernel's own clock. Of a basic message there are the first two and the text. "..." before the text: it continues
 * the message before. Threads may write to one stream: each line is whole.
 */
void line_of(FILE *out, const struct received *received);

/* "2026-01-31T12:00:00.123Z 192.0.2.1 lost: 3 messages, 1823 to 1825" */
void line_of_happened(FILE *out, const struct happened *happened);

enum { HAPPENING_TEXT_MAX = 128 };

/* "lost: 3 messages, 1823 to 1825": what happened, in words. text has room for HAPPENING_TEXT_MAX. Returns text. */
char *print_happening(char *text, const struct happened *happened);

/* "lost", "found", "restart" and so on. */
const char *happening_name(enum happening what);

/* "2026-01-31T12:00:00.123Z"; text has room for 32. Returns text. */
char *print_moment(char *text, const struct timespec *moment);

/* "emerg" to "debug": the lower three bits of a priority. */
const char *level_name(unsigned int priority);

/* "kern", "user" and so on; NULL: the facility has no name. */
const char *facility_name(unsigned int priority);

#endif
