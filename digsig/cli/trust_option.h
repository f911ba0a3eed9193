/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The option --trust CERT|DIR, which may be given several times. */
#ifndef DIGSIG_CLI_TRUST_OPTION_H
#define DIGSIG_CLI_TRUST_OPTION_H

#include "../trust/store.h"

/*
 * Adds what path holds to *store, which is made first if it is NULL. Complains itself; returns an
 * exit code.
 */
int trust_option_add(struct trust_store **store, const char *path);

/*
 * Opens a file to be judged. Returns the descriptor; or -1, having complained, with the exit code
 * in *code: a directory or device is unsupported.
 */
int open_to_judge(const char *path, int *code);

#endif
