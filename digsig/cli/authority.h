/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command judges files by: --trust and --catalog, or what digsig.conf names. */
#ifndef DIGSIG_CLI_AUTHORITY_H
#define DIGSIG_CLI_AUTHORITY_H

#include "../catalog/set.h"
#include "../enforce/bring_up.h"
#include "../file/known_digests.h"
#include "../revocation/store.h"

/* All zero before its first use. */
struct authority {
	struct bring_up_trust trust; /* what options add to */
	struct catalog_set *catalogs; /* those of trust, checked; NULL: there are none */
	struct known_digests known;
	struct revocations revoked; /* by the machine's store */
};

/* Reads and checks the catalogs, if any: by the store, which there must be. Complains itself; returns an exit code. */
int authority_open(struct authority *authority);

/* The same; and without --trust, digsig.conf says what is trusted. */
int authority_open_or_configured(struct authority *authority);

/* For file_judge_known: NULL where there are no catalogs. */
const struct known_digests *authority_known(const struct authority *authority);

/*
 * Reads what the machine has revoked, or what stands in path if that is not NULL. Complains itself;
 * returns an exit code.
 */
int authority_revoke(struct authority *authority, const char *path);

void authority_free(struct authority *authority);

#endif
