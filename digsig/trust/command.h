/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs another program and takes what it prints. */
#ifndef DIGSIG_TRUST_COMMAND_H
#define DIGSIG_TRUST_COMMAND_H

#include <stddef.h>

/*
 * Runs arguments[0], found by PATH, with input as its standard input and without its errors being
 * shown. *output becomes what it printed, to be freed, with a zero behind it. Returns its exit code,
 * or a negative errno: -ENOENT when it is not there, -E2BIG when it prints more than 4 MiB.
 */
int command_run(const char *const arguments[], const char *input, char **output, size_t *size);

#endif
