/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of a fleet's host share: a spool as digsig-fleetd makes it, and a machine with a store. */
#ifndef TESTS_FLEET_SPOOL_H
#define TESTS_FLEET_SPOOL_H

#include "support.h"
#include "digsig/fleet/store.h"

#define NOW 1800000000 /* by the machine's clock */

struct host {
	char spool[PATH_MAX], store[PATH_MAX];
	unsigned int number; /* of the set that was handed over last */
	struct fleet_machine machine; /* of group web, host web1 */
	struct fleet_set current;
	bool has_current;
	struct fleet_refusal refusal; /* of the last take */
};

/* Another key than scratch_signer's, which nobody trusts at first. */
struct signer *other_signer(void);
void fleet_signers_free(void);

void host_new(struct host *host, const char *name);
void host_free(struct host *host);

/* Group web, this sequence, valid for a day from NOW. */
struct fleet_manifest manifest_of(__u64 sequence);
struct fleet_manifest host_manifest_of(__u64 sequence);

/* A new set in the spool: SPOOL/set/N, N one more than before. */
void spool_begin(struct host *host);
/* Puts a blob into it and names it in the manifest. */
void spool_blob(struct host *host, struct fleet_manifest *manifest, enum fleet_blob_kind kind, const void *bytes, size_t size);
/* A catalog of one digest, all of whose bytes are so; by that signer. */
void spool_catalog(struct host *host, struct fleet_manifest *manifest, __u8 digest, struct signer *signer);
/* A list that revokes such a digest. */
void spool_list(struct host *host, struct fleet_manifest *manifest, __u8 digest, struct signer *signer);
/* The certificate of other_signer. */
void spool_certificate(struct host *host, struct fleet_manifest *manifest);
/* Signs, writes, and frees the manifest. */
void spool_manifest(struct host *host, struct fleet_manifest *manifest, struct signer *signer);
/* Leads `ready` to it. */
void spool_ready(struct host *host);

/* A whole set with a catalog, a list and a certificate. */
void spool_whole(struct host *host, __u64 sequence);

/* What digsigd does with what is ready; host->current is what it then has. */
int host_take(struct host *host);
int host_take_at(struct host *host, __s64 now);

/* Reads the store anew: 0, or the error, with the words in host->refusal. The set is freed. */
int host_reads(struct host *host, __u64 *sequence);

void write_bytes(const char *path, const void *bytes, size_t size);

#endif
