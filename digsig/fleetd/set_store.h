/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sets that are handed to digsigd: fleet/handover.h has the layout. The next one is made in set/partial, and gets its number
 * when it is complete; what was fetched for it stays over a kill. Functions return 0 or a negative errno.
 */
#ifndef DIGSIG_FLEETD_SET_STORE_H
#define DIGSIG_FLEETD_SET_STORE_H

#include "state.h"

struct set_store {
	int folder; /* FLEET_SPOOL */
	int sets; /* set */
	int blobs; /* set/partial/blob; -1: no set is begun */
};

/* folder is made if its parent is there. */
int set_store_open(const char *folder, struct set_store *store);
void set_store_close(struct set_store *store);

/* A manifest of the set that is ready, not checked: name is FLEET_GROUP_FILE or FLEET_HOST_FILE. -ENOENT: there is none. */
int set_store_read(const struct set_store *store, const char *name, struct fleet_state *state);

/* Begins a set, or goes on with one: what was fetched and is not named by these two, of which host may be empty, goes. */
int set_store_begin(struct set_store *store, const struct fleet_state *group, const struct fleet_state *host);

/* Whether the set that is begun has the blob; it is taken from the set that is ready, if that has it. */
bool set_store_has(const struct set_store *store, const struct fleet_blob *blob);

/* Completes the set, of which all blobs are there, and makes it ready; removes older ones, but the last. */
int set_store_publish(struct set_store *store, const struct fleet_state *group, const struct fleet_state *host);

#endif
