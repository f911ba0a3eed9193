/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options --trust CERT|DIR, which may be given several times, and --expiry. */
#ifndef DIGSIG_CLI_TRUST_OPTION_H
#define DIGSIG_CLI_TRUST_OPTION_H

#include <stdbool.h>
#include "../../lib/command/options.h"
#include "../config/config.h"
#include "../trust/store.h"

/*
 * Adds what path holds to *store, which is made first if it is NULL. Complains itself; returns an
 * exit code.
 */
int trust_option_add(struct trust_store **store, const char *path);

/* The same for an option's table: the field is the store. */
int trust_option_take(void *store, char *path);

/* The words of --expiry: enum config_expiry. */
extern const struct option_word expiry_words[];

/*
 * Once all of the trust, which may be NULL, is there: goes by the certificates' dates as expiry says, and says, unless
 * quiet, which certificates are left out or expired, and if there is none that may vouch for code.
 * Returns an exit code: EXIT_ERROR if memory is short.
 */
int trust_option_settle(struct trust_store *store, unsigned int expiry, bool quiet);

/*
 * Opens a file to be judged. Returns the descriptor; or -1, having complained, with the exit code
 * in *code: a directory or device is unsupported.
 */
int open_to_judge(const char *path, int *code);

#endif
