/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signature without anything around it, as tokens, agents and key services give it. */
#ifndef DIGSIG_TRUST_RAW_SIGNATURE_H
#define DIGSIG_TRUST_RAW_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include <openssl/x509.h>

/*
 * An ECDSA signature of two big endian numbers as a DER ECDSA-Sig-Value (RFC 3279 section 2.2.3),
 * into der with room for room bytes. -EBADMSG: larger than that.
 */
int ecdsa_signature_encode(const __u8 *r, size_t r_size, const __u8 *s, size_t s_size, __u8 *der,
	size_t room, size_t *size);

/*
 * Signs the bytes with SHA-256, RSA with PKCS#1 v1.5 padding. *size is the room in signature, and becomes
 * the signature's length. -EIO: it could not be signed.
 */
int raw_signature_make(
	EVP_PKEY *key, const __u8 *bytes, size_t bytes_size, __u8 *signature, size_t *size);

/* Whether this is the certificate's key's signature over the bytes, with SHA-256. */
bool raw_signature_fits(X509 *certificate, const __u8 *bytes, size_t bytes_size,
	const __u8 *signature, size_t size);

#endif
