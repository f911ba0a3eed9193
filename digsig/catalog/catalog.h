/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads catalogs (format/catalog.h, docs/catalog-format.md): signed lists of SHA-256 digests of
 * whole files, with names for people.
 */
#ifndef DIGSIG_CATALOG_CATALOG_H
#define DIGSIG_CATALOG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include "../format/catalog.h"
#include "../file/verify.h"
#include "../format/verdict.h"
#include "../trust/store.h"

struct catalog_part {
	const __u8 *bytes; /* the whole part, as the kernel wants it */
	size_t size;
	struct digsig_catalog_header header;
	__u32 cms_size;
};

struct catalog {
	__u8 *bytes; /* the file; owned */
	size_t size;
	struct catalog_part *parts; /* owned; the numbers and bytes of each are checked */
	__u32 part_count;
	__u64 count; /* digests in all parts */
	const char *names;
	size_t names_size;
};

/*
 * Reads a whole catalog and checks everything but the signatures. 0, and *catalog is to be freed;
 * -EBADMSG: *defect is the first rule that it breaks; -EINVAL: not a regular file; -ENOMEM and the
 * errors of open(2) and read(2).
 */
int catalog_read(const char *path, struct catalog *catalog, enum digsig_catalog_defect *defect);

/* The same from memory, which becomes the catalog's unless this fails. */
int catalog_parse(
	__u8 *bytes, size_t size, struct catalog *catalog, enum digsig_catalog_defect *defect);

/* Frees what is in it; the structure is the caller's. */
void catalog_free(struct catalog *catalog);

/*
 * Whether each part was signed by a certificate in the store which it names: the first verdict that
 * is not OK. *signer, if given, is then the last part's, owned by the store, or NULL.
 */
enum digsig_verdict catalog_verify(
	const struct catalog *catalog, const struct trust_store *store, X509 **signer);

/* Whether it has the digest, and as what it was signed. */
bool catalog_find(const struct catalog *catalog, const __u8 digest[DIGSIG_DIGEST_SIZE],
	struct signed_as *signed_as);

/* Called for each name, in the order of the digests; name is NULL for a digest without any. */
typedef int catalog_visitor(void *context, const __u8 *digest, const char *name);

/* Stops at the first visit that does not return 0, and returns what that returned. */
int catalog_visit(const struct catalog *catalog, catalog_visitor *visit, void *context);

/* What is wrong, in words that fit behind "FILE: ". A static string. */
const char *catalog_defect_meaning(enum digsig_catalog_defect defect);

#define CATALOG_SUFFIX ".catalog"

/*
 * The catalogs that path means: itself, or if it is a directory every *.catalog in it, sorted.
 * Returns how many, with *paths a list to be freed with catalog_paths_free, or a negative errno;
 * -ENODATA: a directory without one.
 */
int catalog_paths(const char *path, char ***paths);
/* Frees count paths and the array of them. */
void catalog_paths_free(char **paths, int count);

#endif
