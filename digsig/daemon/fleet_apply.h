/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The current set of a machine's fleet, on an engine that runs. */
#ifndef DIGSIG_DAEMON_FLEET_APPLY_H
#define DIGSIG_DAEMON_FLEET_APPLY_H

#include "../enforce/engine.h"
#include "../fleet/store.h"

struct fleet_target {
	const char *store;
	const struct digsig_config *own; /* what digsig.conf says */
	const struct digsig_config *wanted; /* and the set over it */
	const struct fleet_set *set;
	bool with_policy; /* mode, scopes and wx too, not only what is trusted and revoked */
};

struct fleet_outcome {
	int keyring; /* as keyring_differs says it: what only a start changes; negative: not known */
	bool lacks_room; /* catalogs that a start makes room for */
	bool is_unfinished; /* sets before are still there: it is to be applied again, soon */
	char problem[640]; /* what did not succeed; "": all did */
};

/*
 * Revocations, into the machine's store too, and catalogs at once; what sets before named alone is unloaded, and those sets are
 * removed. A mode that is stricter waits as long as the engine lacks a certificate of the set: it would deny what the set
 * trusts. What a lock, or that, keeps from being set is left as it is.
 */
void fleet_apply(struct engine *engine, const struct fleet_target *target, struct fleet_outcome *outcome);

/* Without an engine: its revocations go into the machine's store, and sets before are removed. */
void fleet_keep(const struct fleet_target *target, struct fleet_outcome *outcome);

#endif
