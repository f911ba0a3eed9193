/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting the engine the way digsig start does: from "is this kernel able to" to the mode. */
#ifndef DIGSIG_ENFORCE_BRING_UP_H
#define DIGSIG_ENFORCE_BRING_UP_H

#include <stdbool.h>
#include "../catalog/list.h"
#include "../config/config.h"
#include "engine.h"
#include "fleet_part.h"
#include "running_code.h"

/* More trusted files than these are not to be had. */
#define BRING_UP_ROOM_MAX 100000000

struct bring_up_problem {
	unsigned int lacks; /* bits of enum preflight_lack, each with a remedy; then text is empty */
	enum digsig_verdict verdict; /* of a catalog that was not taken; else NONE */
	char text[2048]; /* what is wrong, and what to do: one line */
};

/* What the configuration names, as it was read from there or from elsewhere. */
struct bring_up_trust {
	struct trust_store *store;
	struct catalog_list catalogs;
	bool is_fleet_read;
	struct fleet_part fleet; /* what the machine's fleet adds, if is_fleet_read */
};

/*
 * Starts the engine as the configuration says, loads the catalogs, has it judge what runs already, and
 * then sets the mode; unless forced, mode enforcing is refused when this very program could not run
 * under it. The paths in the configuration are not looked at: trust has what they name. 0: it runs, and
 * *running says what of it is not ok; problem->text what of the fleet's part the kernel did not take, or
 * it is empty. -EEXIST: it ran already, and nothing was changed; other negative
 * errno: see *problem, and nothing of it remains.
 */
int engine_bring_up(const struct digsig_config *config, const struct bring_up_trust *trust,
	bool forced, struct running_code *running, struct bring_up_problem *problem);

/*
 * Hands the machine's revocations to a running engine, as bringing it up does: it may have been
 * started from an older copy, in the initramfs. 0; negative errno: see *problem.
 */
int engine_catch_up(struct bring_up_problem *problem);

/* The mode alone, of an engine that runs: the same rule, the same words. */
int engine_enter_mode(struct engine *engine, enum digsig_mode mode, bool forced,
	struct bring_up_problem *problem);

/*
 * What the fleet of the machine says, if it is of one, over what the configuration says: after config_load, before what a command line
 * says. trust->fleet.problem has words if something of it does not count, and is empty otherwise; also trust_from_config may put
 * some there.
 */
void fleet_from_config(struct digsig_config *config, struct bring_up_trust *trust);

/*
 * Reads the certificates that the configuration names, unless trust has a store, and finds its
 * catalogs, unless trust has some; to both it adds those of the fleet. On error what trust has stays the caller's to free.
 */
int trust_from_config(const struct digsig_config *config, struct bring_up_trust *trust,
	struct bring_up_problem *problem);
/* Frees what is in it, and leaves it empty. */
void bring_up_trust_free(struct bring_up_trust *trust);

/* Whether the kernel's command line has the word digsig=off: do not start at boot. */
bool boot_is_switched_off(void);

#endif
