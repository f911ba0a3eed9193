/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of sccon-controller share. */
#ifndef SCCON_CONTROLLER_H
#define SCCON_CONTROLLER_H

#include <stdbool.h>
#include <stddef.h>

/* Says what is wrong, by errno, and ends. */
_Noreturn void die(const char *what);

/* The content of a file, with a NUL behind it, to be freed: or it ends. */
char *read_whole(const char *name, size_t *size);

/*
 * Compares what the machine has sent, in the file log, with what it should have, in the file expected, and so many messages
 * of a flood. has_returns: a line feed may be a carriage return and a line feed. Says what is wrong: returns 0 or 1.
 */
int compare(const char *log, const char *expected, unsigned long flood, bool has_returns);

#endif
