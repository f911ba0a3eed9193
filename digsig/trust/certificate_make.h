/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes certificates (X.509 v3, RFC 5280): self-signed ones, and those that a CA issues. */
#ifndef DIGSIG_TRUST_CERTIFICATE_MAKE_H
#define DIGSIG_TRUST_CERTIFICATE_MAKE_H

#include <stdbool.h>
#include <openssl/x509.h>
#include "signer.h"

struct certificate_request {
	const char *subject; /* "CN=..., O=..."; text without "=" is a common name */
	const X509_NAME *subject_name; /* instead of that, if not NULL */
	const char *issuer_name; /* as subject; NULL: the subject itself, or issuer's */
	X509 *issuer; /* a CA's certificate; NULL: none */
	int days; /* that it is valid, from now; at most as long as issuer is */
	EVP_PKEY *key; /* whose certificate it is; public is enough */
	bool is_authority; /* for signing certificates of signers, not code */
};

/*
 * Makes a certificate, for code signing unless it is an authority's, signed by signing_key. 0 with
 * *made to be freed; -EINVAL: the subject cannot be understood; -EIO: OpenSSL failed; -ENOMEM.
 */
int certificate_make(
	const struct certificate_request *request, EVP_PKEY *signing_key, X509 **made);

/* As sign_digest of struct signer. */
typedef int digest_signer(void *holder, const __u8 digest[DIGSIG_DIGEST_SIZE], __u8 *signature,
	size_t *size);

/*
 * The same where the signing key, issuer's or the subject's own, is not here. -EBADMSG: what the
 * holder signed is not by that key; and the holder's errors.
 */
int certificate_make_by_holder(const struct certificate_request *request, digest_signer *sign,
	void *holder, X509 **made);

/* The same by a CA's key, wherever that is, in the CA's name. -ENOKEY: it is nowhere. */
int certificate_issue(
	const struct certificate_request *request, const struct signer *issuer, X509 **made);

#endif
