/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A manifest with the signature of a fleet key: in PEM behind it, as trust/signed_text.h has it. */
#ifndef DIGSIG_FLEET_SIGNED_MANIFEST_H
#define DIGSIG_FLEET_SIGNED_MANIFEST_H

#include "../format/verdict.h"
#include "../revocation/revocation.h"
#include "../trust/signer.h"
#include "../trust/store.h"
#include "manifest.h"

/*
 * Checks the signature before anything is parsed. fleet_keys: certificates of those who may sign states; revoked: what the
 * machine has revoked, of which keys count here; NULL: nothing. 0, with manifest->digest; -EKEYREJECTED: *verdict says what is wrong
 * with the signature (BADSIG, UNKNOWNKEY, MALFORMED, REVOKED); -EINVAL: too large, no text, or the text breaks a rule; -ENOMEM. *problem
 * has words for each; *manifest is empty then.
 */
int signed_manifest_read(const void *bytes, size_t size, const struct trust_store *fleet_keys,
	const struct revocations *revoked, struct fleet_manifest *manifest, enum digsig_verdict *verdict,
	struct fleet_problem *problem);

/*
 * The same without a look at the signature, which may be missing: for showing what a file says, and for finding out what to
 * fetch; never for deciding.
 */
int signed_manifest_look(
	const void *bytes, size_t size, struct fleet_manifest *manifest, struct fleet_problem *problem);

/* The signed text, to be freed, of *size bytes. -EMSGSIZE: more than FLEET_MANIFEST_MAX; the errors of cms_sign_content. */
int signed_manifest_make(
	const struct fleet_manifest *manifest, const struct signer *signer, char **bytes, size_t *size);

#endif
