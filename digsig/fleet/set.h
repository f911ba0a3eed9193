/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set: the manifest of a group, that of the host if there is one, and the blobs that they name. In the machine's own store, or
 * on the way there:
 *
 *   FOLDER/group.manifest, FOLDER/host.manifest
 *   FOLDER/certificate/HEX.pem, FOLDER/catalog/HEX.catalog, FOLDER/revoked/HEX
 */
#ifndef DIGSIG_FLEET_SET_H
#define DIGSIG_FLEET_SET_H

#include <limits.h>
#include "../catalog/list.h"
#include "../revocation/revocation.h"
#include "../trust/store.h"
#include "manifest.h"

/* The machine that is to have a set. */
struct fleet_machine {
	const char *group, *host; /* host NULL: it has no name */
	const struct trust_store *fleet_keys;
	const struct revocations *revoked; /* what it has revoked so far; NULL: nothing */
};

struct fleet_set {
	struct fleet_manifest group, host, merged; /* host: of name "" if there is none */
	char digest[2 * DIGSIG_DIGEST_SIZE + 1]; /* of both manifests: the name of the set */
};

static inline bool fleet_set_has_host(const struct fleet_set *set)
{
	return *set->host.name;
}

/* The bytes of a manifest, as they were signed. */
struct fleet_bytes {
	char *bytes; /* owned; NULL: there is none */
	size_t size;
};

/* Why a set is not taken. */
struct fleet_refusal {
	enum fleet_scope scope; /* whose manifest it is about */
	__u64 sequence; /* of it; 0: it was not read */
	bool is_passing; /* it is worth trying again with the same set */
	char reason[640];
};

int fleet_refuse(struct fleet_refusal *refusal, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * Checks signatures, then syntax, and whether the manifests are for this machine. 0, and *set is to be freed; -EKEYREJECTED: a
 * signature is not good; -EINVAL: a manifest breaks a rule; -EXDEV: it is for another group or host; -ENOSPC: too many
 * blobs in both together; -ENOMEM.
 */
int fleet_set_parse(const struct fleet_machine *machine, const struct fleet_bytes *group, const struct fleet_bytes *host,
	struct fleet_set *set, struct fleet_refusal *refusal);
void fleet_set_free(struct fleet_set *set);

/* "FOLDER/catalog/HEX.catalog". path has room for PATH_MAX. 0; -ENAMETOOLONG. */
int fleet_blob_path(const char *folder, const struct fleet_blob *blob, char *path);

/* Whether the file of a blob is there, with its size and digest: 0; -EBADMSG; -ENOENT and the errors of open(2), read(2). */
int fleet_blob_verify(const char *folder, const struct fleet_blob *blob);

/* Adds the certificates of the set to a store. -EBADMSG: a file holds none. The store is the caller's, also after an error. */
int fleet_set_trust(const char *folder, const struct fleet_set *set, struct trust_store *store,
	struct fleet_refusal *refusal);

/* Adds the paths of its catalogs. -ENOMEM; -ENOENT. */
int fleet_set_catalogs(const char *folder, const struct fleet_set *set, struct catalog_list *list);

/*
 * Adds what its lists revoke, each signed by a key of the store. The caller frees the list, also after an error.
 * -EKEYREJECTED, -EINVAL, -ENOSPC: too many; -ENOMEM.
 */
int fleet_set_revocations(const char *folder, const struct fleet_set *set, const struct trust_store *store,
	struct revocations *list, struct fleet_refusal *refusal);

/* What the settings of the set make of the configuration. now: seconds since 1970; see fleet_set_is_stale. */
void fleet_set_configure(const struct fleet_set *set, __s64 now, struct digsig_config *config);

/* Whether the time of the set is over. */
bool fleet_set_is_stale(const struct fleet_set *set, __s64 now);

#endif
