/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands that talk to the engine say alike. */
#ifndef DIGSIG_CLI_ENGINE_OPEN_H
#define DIGSIG_CLI_ENGINE_OPEN_H

#include <stdbool.h>
#include "../../lib/command/options.h"
#include "../enforce/engine.h"

/* Opens the running engine, or says on stderr why not and returns the exit code; 0: it is open. */
int open_engine_or_complain(struct engine *engine);

/* Reads settings and counters, or says why not and returns the exit code. */
int read_status_or_complain(struct engine *engine, struct digsig_status *status);

/*
 * Sets the mode, or says why not and returns the exit code. Enforcing is refused, unless forced,
 * when it would refuse this program itself.
 */
int set_mode_or_complain(struct engine *engine, enum digsig_mode mode, bool forced);

/* The names of the modes. */
extern const struct option_word mode_words[];

#endif
