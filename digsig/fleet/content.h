/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIGSIG_FLEET_CONTENT_H
#define DIGSIG_FLEET_CONTENT_H

#include "store.h"

/*
 * Whether each blob in the folder is what it is said to be: certificates, catalogs and lists of revocations, the latter two signed by
 * a key of the trust that the set makes of the machine's own. 0, or a negative errno and *refusal.
 */
int fleet_content_check(const struct fleet_taking *taking, const char *folder, const struct fleet_set *set,
	struct fleet_refusal *refusal);

#endif
