/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting the engine the way digsig start does: from "is this kernel able to" to the mode. */
#ifndef DIGSIG_ENFORCE_BRING_UP_H
#define DIGSIG_ENFORCE_BRING_UP_H

#include <stdbool.h>
#include "../config/config.h"
#include "engine.h"

struct bring_up_problem {
	unsigned int lacks; /* bits of enum preflight_lack, each with a remedy; then text is empty */
	char text[2048]; /* what is wrong, and what to do: one line */
};

/*
 * Starts the engine and sets the mode; unless forced, mode enforcing is refused when this very
 * program could not run under it. 0: it runs. -EEXIST: it ran already, and nothing was changed;
 * other negative errno: see *problem, and nothing of it remains.
 */
int engine_bring_up(const struct engine_options *options, enum digsig_mode mode, bool forced,
	struct bring_up_problem *problem);

/* The mode alone, of an engine that runs: the same rule, the same words. */
int engine_enter_mode(struct engine *engine, enum digsig_mode mode, bool forced,
	struct bring_up_problem *problem);

/* Reads the certificates that the configuration names into *trust, a new store. */
int trust_from_config(const struct digsig_config *config, struct trust_store **trust,
	struct bring_up_problem *problem);

/* What the configuration says of the engine, in the engine's words. */
struct engine_options engine_options_from_config(
	const struct digsig_config *config, const struct trust_store *trust);

/* Whether the kernel's command line has the word digsig=off: do not start at boot. */
bool boot_is_switched_off(void);

#endif
