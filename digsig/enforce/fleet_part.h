/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the state of a fleet adds to the configuration of a machine that is of one: the set that its store has now (fleet/store.h). It
 * is checked again. If it is damaged, nothing of it counts, the machine's own configuration does, and *problem says so.
 */
#ifndef DIGSIG_ENFORCE_FLEET_PART_H
#define DIGSIG_ENFORCE_FLEET_PART_H

#include "../fleet/store.h"

struct fleet_part {
	bool has_set;
	struct fleet_set set;
	char folder[PATH_MAX]; /* of the set */
	time_t taken; /* seconds since 1970 */
	int hold; /* see fleet_store_hold; -1 */
	struct catalog_list catalogs; /* those of the set */
	struct revocations revoked; /* what its lists revoke */
	char problem[1024]; /* why the set, or a part of it, does not count; "": it does, or there is none */
};

#define FLEET_PART_NONE { .hold = -1 }

/* The certificates of fleet keys. -ENODATA: there is none. *why has words. */
int fleet_keys_read(const struct digsig_config *config, struct trust_store **keys, char *why, size_t size);

/*
 * Reads the current set, if the configuration names a group, and puts its mode, scopes, wx and expiry into the configuration. The
 * part is to be freed.
 */
void fleet_part_read(struct digsig_config *config, struct fleet_part *part);

/* Adds its certificates to the store, and finds its catalogs and revocations. 0; -ENOMEM. */
int fleet_part_trust(struct fleet_part *part, struct trust_store *store);

void fleet_part_free(struct fleet_part *part);

#endif
