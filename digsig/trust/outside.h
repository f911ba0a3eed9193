/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signature over a manifest that was made outside, by openssl cms, a key service or a person. */
#ifndef DIGSIG_TRUST_OUTSIDE_H
#define DIGSIG_TRUST_OUTSIDE_H

#include <stddef.h>
#include <openssl/x509.h>
#include "../format/block.h"
#include "signer.h"

enum outside_problem {
	OUTSIDE_PROBLEM_NONE,
	OUTSIDE_PROBLEM_FORMAT, /* neither a CMS nor as long as this key's signatures are */
	OUTSIDE_PROBLEM_SMIME, /* openssl's default form */
	OUTSIDE_PROBLEM_NOT_SIGNED, /* another kind of CMS, or without one single signer */
	OUTSIDE_PROBLEM_ATTRIBUTES, /* over attributes, not over the manifest itself */
	OUTSIDE_PROBLEM_DIGEST, /* not SHA-256 */
	OUTSIDE_PROBLEM_NO_CERTIFICATE, /* neither given nor in the CMS */
	OUTSIDE_PROBLEM_OTHER_KEY, /* the certificate is not the one that the manifest names */
	OUTSIDE_PROBLEM_SIGNATURE, /* it does not fit the manifest */
	OUTSIDE_PROBLEM_LENGTH, /* an ECDSA signature too short for the block that was planned */
};

struct outside_signature {
	const __u8 *bytes; /* a CMS in DER or PEM form; or raw: RSA, DER ECDSA, ECDSA's r and s */
	size_t size;
	const __u8 *manifest; /* what was signed: DIGSIG_MANIFEST_SIZE bytes */
	X509 *certificate; /* the signer's; NULL: it is in the CMS */
};

/*
 * Checks that the signature is over the manifest, by the key that the manifest names, and writes it
 * as the one CMS that a block holds. *signer is then a signer with that certificate and no key, to
 * be freed. -EBADMSG with *problem set, or -ENOMEM.
 */
int outside_signature_take(const struct outside_signature *outside, __u8 der[DIGSIG_CMS_MAX],
	size_t *size, struct signer **signer, enum outside_problem *problem);

/* What is wrong and what to do, in words. A static string. */
const char *outside_problem_meaning(enum outside_problem problem);

#endif
