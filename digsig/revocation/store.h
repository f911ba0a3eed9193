/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this machine has revoked, for good: a file of revocations that only grows. digsig start hands
 * all of it to the engine before it judges anything.
 */
#ifndef DIGSIG_REVOCATION_STORE_H
#define DIGSIG_REVOCATION_STORE_H

#include "list_file.h"

#define REVOCATION_STORE "/var/lib/digsig/revoked"

/*
 * Reads the store; a file that is not there is an empty one. -EINVAL: a line breaks the rules; other
 * negative errno: it could not be read. *list is then empty.
 */
int revocation_store_read(
	const char *path, struct revocations *list, struct revocation_problem *problem);

/*
 * Adds all of more to the store, at once or not at all; the folder is made if its parent is there.
 * Returns how many were new, or a negative errno; -ESTALE: a list of a larger sequence was added
 * before.
 */
int revocation_store_add(
	const char *path, const struct revocations *more, struct revocation_problem *problem);

#endif
