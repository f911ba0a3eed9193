/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several catalogs, each found to be signed by a trusted key: which digests are good? */
#ifndef DIGSIG_CATALOG_SET_H
#define DIGSIG_CATALOG_SET_H

#include "catalog.h"

struct catalog_set;

/* An empty set, to be freed with catalog_set_free; -ENOMEM. */
int catalog_set_new(struct catalog_set **set);
/* Frees it with the catalogs in it. */
void catalog_set_free(struct catalog_set *set);

/* Why a catalog was not added. */
struct catalog_problem {
	enum digsig_catalog_defect defect; /* behind -EBADMSG; or GOOD: see verdict */
	enum digsig_verdict verdict; /* behind -EKEYREJECTED: what is wrong with the signature */
};

/*
 * What is wrong with a catalog, in words that fit behind "FILE: "; err is what one of the functions
 * here or in catalog.h and list.h returned. Returns the verdict that it comes down to; NONE: none,
 * it could not be read.
 */
enum digsig_verdict catalog_describe(
	int err, const struct catalog_problem *problem, char *text, size_t size);

/*
 * Reads a catalog, checks it against the store, and adds it. -EBADMSG: it breaks a rule of the
 * format; -EKEYREJECTED: the signature is not one of a trusted key; else as catalog_read.
 */
int catalog_set_add(struct catalog_set *set, const char *path, const struct trust_store *store,
	struct catalog_problem *problem);

/*
 * Whether one of them has the digest, and as what that was signed: the one that was added last, as
 * in the kernel.
 */
bool catalog_set_find(const struct catalog_set *set, const __u8 digest[DIGSIG_DIGEST_SIZE],
	struct signed_as *signed_as);

#endif
