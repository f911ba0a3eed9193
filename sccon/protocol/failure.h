/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What went wrong, in words for people, which are safe for a terminal. */
#ifndef SCCON_PROTOCOL_FAILURE_H
#define SCCON_PROTOCOL_FAILURE_H

enum { FAILURE_SIZE = 600 };

/* Puts them into words. Returns err, a negative errno, whose own words are taken if memory is short. */
int failure_say(char words[FAILURE_SIZE], int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
