/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signature over a manifest that was made outside, by openssl cms, a key service or a person. */
#ifndef DIGSIG_TRUST_FOREIGN_SIGNATURE_H
#define DIGSIG_TRUST_FOREIGN_SIGNATURE_H

#include <stddef.h>
#include <openssl/x509.h>
#include "../format/block.h"
#include "signer.h"

enum foreign_signature_problem {
	FOREIGN_SIGNATURE_NONE,
	FOREIGN_SIGNATURE_FORMAT, /* neither a CMS nor as long as this key's signatures are */
	FOREIGN_SIGNATURE_SMIME, /* openssl's default form */
	FOREIGN_SIGNATURE_NOT_SIGNED, /* another kind of CMS, or without one single signer */
	FOREIGN_SIGNATURE_ATTRIBUTES, /* over attributes, not over the manifest itself */
	FOREIGN_SIGNATURE_DIGEST, /* not SHA-256 */
	FOREIGN_SIGNATURE_NO_CERTIFICATE, /* neither given nor in the CMS */
	FOREIGN_SIGNATURE_OTHER_KEY, /* the certificate is not the one that the manifest names */
	FOREIGN_SIGNATURE_WRONG, /* it does not fit the manifest */
	FOREIGN_SIGNATURE_LENGTH, /* an ECDSA signature too short for the block that was planned */
};

struct foreign_signature {
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
int foreign_signature_take(const struct foreign_signature *foreign, __u8 der[DIGSIG_CMS_MAX],
	size_t *size, struct signer **signer, enum foreign_signature_problem *problem);

/* What is wrong and what to do, in words. A static string. */
const char *foreign_signature_meaning(enum foreign_signature_problem problem);

#endif
