/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state that a group of hosts, or one host, is to have, as text: docs/fleet.md has the format. Pure: no I/O, no
 * clock. The signature around it is fleet/signed_manifest.h's.
 */
#ifndef DIGSIG_FLEET_MANIFEST_H
#define DIGSIG_FLEET_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include "../config/config.h"
#include "../format/block.h"
#include "names.h"

enum {
	FLEET_MANIFEST_MAX = 256 << 10, /* bytes, signature included */
	FLEET_BLOBS_MAX = 1024, /* that a manifest names */
	FLEET_BLOB_MAX = 64 << 20, /* bytes of one */
};

enum fleet_blob_kind {
	FLEET_CERTIFICATE, /* X.509, PEM or DER: trusted for files, besides the machine's own */
	FLEET_CATALOG,
	FLEET_REVOKED, /* a signed list of revocations */
};

struct fleet_blob {
	enum fleet_blob_kind kind;
	__u8 digest[DIGSIG_DIGEST_SIZE]; /* SHA-256 */
	__u64 size; /* bytes */
};

/* What a host does with a state of which the time is over. */
enum fleet_stale {
	FLEET_STALE_KEEP,
	FLEET_STALE_MONITOR, /* mode monitor, where the engine's lock allows it */
};

struct fleet_manifest {
	enum fleet_scope scope;
	char name[FLEET_HOST_MAX + 1]; /* of the group, or of the host */
	__u64 sequence; /* from 1 */
	__s64 made, valid_until; /* seconds since 1970 */
	enum fleet_stale stale;
	/* Settings, as digsig.conf has them; without has_: the host's own stays. */
	bool has_mode, has_scopes, has_wx, has_expiry;
	unsigned int mode; /* enum digsig_mode */
	unsigned int scopes; /* bits of enum digsig_scope */
	unsigned int wx; /* enum digsig_wx */
	unsigned int expiry; /* enum config_expiry */
	struct fleet_blob *blobs; /* owned; only fleet_manifest_add may add to them */
	size_t blob_count;
	/*
	 * SHA-256 of the text that is signed, without the signature: what tells two manifests of one sequence apart. An ECDSA
	 * signature, and PEM, can be changed by whoever has them so that they are still good. Set by fleet/signed_manifest.h;
	 * zeros after fleet_manifest_parse.
	 */
	__u8 digest[DIGSIG_DIGEST_SIZE];
};

#define FLEET_SEQUENCE_MAX ((__u64)~0ULL >> 1)

/* What is wrong, with the line's number: "7: sequence: not a number from 1 on". */
struct fleet_problem {
	char text[512];
};

/*
 * Parses size bytes, without the signature. 0, and *manifest is to be freed; -EINVAL: see *problem; -ENOMEM. Bounded: at
 * most FLEET_MANIFEST_MAX bytes are taken, each word at most once, blobs at most FLEET_BLOBS_MAX, none twice. *manifest is
 * empty after an error.
 */
int fleet_manifest_parse(const char *text, size_t size, struct fleet_manifest *manifest, struct fleet_problem *problem);
void fleet_manifest_free(struct fleet_manifest *manifest);

/* The text for it, to be freed; NULL: no memory. Parsing it gives the same manifest. */
char *fleet_manifest_print(const struct fleet_manifest *manifest);

/* A copy, to be freed. 0; -ENOMEM. */
int fleet_manifest_copy(const struct fleet_manifest *manifest, struct fleet_manifest *copy);

/* Adds a blob, unless one of the same kind and digest is there. 0; -ENOSPC: there are FLEET_BLOBS_MAX; -ENOMEM. */
int fleet_manifest_add(struct fleet_manifest *manifest, const struct fleet_blob *blob);

/*
 * The state of a host: a copy of its group's with what the host's own says laid over it. host may be NULL. Sequence, name
 * and times are the group's; valid_until is the earlier one, with its stale policy. -ENOMEM; -ENOSPC: too many blobs in all.
 */
int fleet_manifest_merge(
	const struct fleet_manifest *group, const struct fleet_manifest *host, struct fleet_manifest *merged);

/* "certificate", "catalog", "revoked". A static string. */
const char *fleet_blob_kind_name(enum fleet_blob_kind kind);

/* "keep", "monitor". A static string. */
const char *fleet_stale_name(enum fleet_stale stale);

#endif
