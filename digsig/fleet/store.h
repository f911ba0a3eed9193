/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sets that a machine has taken. Root's alone:
 *
 *   STORE/set/DIGEST/      see set.h
 *   STORE/current          a link to set/DIGEST
 *   STORE/sequences        see sequences.h
 *
 * A set is taken as a whole: everything is checked and synced below a name that nobody reads, then it gets its name, then its
 * sequences are noted, then `current` leads to it. A crash leaves the set before or this one, and never a smaller sequence.
 * Between the last two steps it leaves the set before with the new sequence: the same set may be taken again.
 */
#ifndef DIGSIG_FLEET_STORE_H
#define DIGSIG_FLEET_STORE_H

#include <time.h>
#include "handover_reader.h"
#include "set.h"

#define FLEET_CURRENT "current"
#define FLEET_SEQUENCES "sequences"

/* STORE/set/DIGEST. folder has room for PATH_MAX. 0; -ENAMETOOLONG. */
int fleet_store_folder(const char *store, const char *digest, char *folder);

/*
 * Reads the current set, and checks it again: the signatures of its manifests, for whom they are, and the digests of its blobs. 0,
 * and *set is to be freed; *taken, if given, is when it was taken. -ENOENT: there is none; else *refusal says what is wrong, and
 * none of it counts.
 */
int fleet_store_read(const char *store, const struct fleet_machine *machine, struct fleet_set *set, time_t *taken,
	struct fleet_refusal *refusal);

/* A descriptor that keeps fleet_store_clean away from sets that are being read, until it is closed; -1: there is no store. */
int fleet_store_hold(const char *store);

struct fleet_taking {
	const char *store;
	const struct fleet_machine *machine;
	const struct trust_store *trust; /* of files: the machine's own */
	bool refuse_expired; /* what the machine's own configuration says of it */
	const struct fleet_set *current; /* as fleet_store_read gave it; NULL: none that counts */
	__s64 now; /* seconds since 1970 */
	bool (*go_on)(void *context); /* NULL: until it is done; false ends it with -EINTR */
	void *context;
};

/*
 * Takes what is handed over. 1: *set is the current one from now on, and to be freed; 0: it is the current one already. Else a
 * negative errno: refused, see *refusal, and the store is as it was. The checks, in this order: sizes and signatures of the
 * manifests, keys that are revoked, syntax, for whom they are, sequences, time; each blob: there, of its size and digest; each blob:
 * what it is said to be, and signed by a key of the trust that the set makes.
 */
int fleet_store_take(const struct fleet_taking *taking, const struct handover *from, struct fleet_set *set,
	struct fleet_refusal *refusal);

/*
 * Calls visit for the folder of each set that is not the current one, and removes it if that returns true. visit may be NULL.
 * -EBUSY: somebody reads sets: later.
 */
int fleet_store_clean(const char *store, bool (*visit)(void *context, const char *folder), void *context);

#endif
