/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a machine has taken so far: for each group and host the highest sequence, and the digest of that manifest. It is kept
 * beside the sets, so that an older state is refused for good. A line each: "group web 42 SHA256HEX".
 */
#ifndef DIGSIG_FLEET_SEQUENCES_H
#define DIGSIG_FLEET_SEQUENCES_H

#include "manifest.h"

struct fleet_sequence {
	enum fleet_scope scope;
	char name[FLEET_HOST_MAX + 1];
	__u64 sequence;
	__u8 digest[DIGSIG_DIGEST_SIZE]; /* manifest->digest */
};

struct fleet_sequences {
	struct fleet_sequence *entries; /* owned */
	size_t count;
};

/* Reads the file; one that is not there is empty. -EINVAL: a line breaks the rules; other negative errno: see *problem. */
int fleet_sequences_read(const char *path, struct fleet_sequences *sequences, struct fleet_problem *problem);
void fleet_sequences_free(struct fleet_sequences *sequences);

/* The entry of a group or host; NULL: there is none. */
const struct fleet_sequence *fleet_sequences_find(
	const struct fleet_sequences *sequences, enum fleet_scope scope, const char *name);

/*
 * Whether a manifest may be taken: 1: it is newer than all that were; 0: it is the one that was taken last; -ESTALE: a
 * newer one was taken; -EEXIST: another one with this sequence was taken.
 */
int fleet_sequences_check(const struct fleet_sequences *sequences, const struct fleet_manifest *manifest);

/* Notes a manifest, which fleet_sequences_check did not refuse. 0; -ENOMEM. */
int fleet_sequences_note(struct fleet_sequences *sequences, const struct fleet_manifest *manifest);

/* Writes all of them, as a whole, and syncs. 0 or a negative errno. */
int fleet_sequences_write(const char *path, const struct fleet_sequences *sequences);

#endif
