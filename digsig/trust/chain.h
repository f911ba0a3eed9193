/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificate authorities. One is a certificate that says so in both ways that RFC 5280 has: CA:TRUE
 * in its basic constraints (section 4.2.1.9) and keyCertSign in its key usage (4.2.1.3). One without
 * key usage, as "openssl req -x509" makes it, is a signer's own.
 */
#ifndef DIGSIG_TRUST_CHAIN_H
#define DIGSIG_TRUST_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/x509.h>

/* An authority has CA:TRUE in its basic constraints and a key usage with keyCertSign. */
bool certificate_is_authority(const X509 *certificate);

/*
 * Whether a certificate's key may sign code itself: every key but that of an authority whose key
 * usage lacks digitalSignature.
 */
bool certificate_signs_code(const X509 *certificate);

/* Whether its issuer is its subject, and its signature by its own key. */
bool certificate_is_self_signed(X509 *certificate);

/*
 * Whether one of the anchors issued the certificate, directly or through the intermediates, all of
 * which are authorities: signatures, key identifiers, path lengths, name constraints, and algorithms
 * and keys of at least 112 bits of security, by X509_verify_cert(3). No date is looked at. A
 * certificate that is no authority itself must be for signing code: codeSigning in its extended key
 * usage, digitalSignature in its key usage if it has one. If not, why says so: "no CA in the trust
 * issued it".
 */
bool certificate_is_issued(X509 *certificate, STACK_OF(X509) *anchors,
	STACK_OF(X509) *intermediates, char *why, size_t size);

#endif
