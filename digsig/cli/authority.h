/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command judges files by: --trust, --expiry and --catalog, or what digsig.conf names. */
#ifndef DIGSIG_CLI_AUTHORITY_H
#define DIGSIG_CLI_AUTHORITY_H

#include "../../lib/command/options.h"
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
	bool is_signed_list; /* or by a list that the trust signed */
	unsigned int expiry; /* enum config_expiry, of --expiry or else digsig.conf */
	bool has_expiry, is_quiet; /* whether --expiry was given; whether warnings are left out */
};

/* --trust, --catalog and --expiry, for a group of options: a struct authority. */
extern const struct command_option authority_option_table[];

/*
 * Says what is odd about the trust, which there must be, and reads and checks the catalogs, if any, by
 * that. Complains itself; returns an exit code.
 */
int authority_open(struct authority *authority);

/* The same; and without --trust, digsig.conf says what is trusted. */
int authority_open_or_configured(struct authority *authority);

/* For file_judge_known: NULL where there are no catalogs. */
const struct known_digests *authority_known(const struct authority *authority);

/*
 * Reads what the machine has revoked, or what stands in path if that is not NULL: a store, or a list
 * that the trust signed. Complains itself; returns an exit code.
 */
int authority_revoke(struct authority *authority, const char *path);

/* Frees what options and the functions above put into it; the structure is the caller's. */
void authority_free(struct authority *authority);

#endif
