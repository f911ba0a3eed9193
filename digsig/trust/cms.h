/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CMS in a signature block (RFC 5652): a detached SignedData over the 256 bytes of the
 * manifest, with one signer named by its key identifier, SHA-256, no signed attributes and no
 * certificates. Version 1 blocks hold exactly one encoding of that, the one OpenSSL and the
 * kernel's sign-file write, so that not a bit of the CMS can be changed unnoticed.
 */
#ifndef DIGSIG_TRUST_CMS_H
#define DIGSIG_TRUST_CMS_H

#include <stdbool.h>
#include <stddef.h>
#include "../format/block.h"
#include "../format/verdict.h"
#include "signer.h"
#include "store.h"

/*
 * Signs a manifest. der has room for signer->cms_room bytes; *size becomes the CMS's length, which
 * is signer->cms_room when rounded up to 64 bytes. -EIO: it could not be signed; -EBADMSG: the
 * signature that came back is not by the certificate's key; and the errors of signer->sign_digest.
 */
int cms_sign(const struct signer *signer, const __u8 manifest[DIGSIG_MANIFEST_SIZE], __u8 *der,
	size_t *size);

/* Finds out signer->cms_room, from the certificate. -E2BIG: more than a block can hold. */
int cms_measure(struct signer *signer);

/*
 * The one encoding around a signature that was made already: RSA with PKCS#1 v1.5 padding, or a
 * DER ECDSA-Sig-Value. Looks at nothing but its size. -E2BIG: more than a block can hold.
 */
int cms_encode(const __u8 key_id[DIGSIG_KEY_ID_SIZE], bool is_rsa, const __u8 *signature,
	size_t signature_size, __u8 der[DIGSIG_CMS_MAX], size_t *size);

/*
 * Says whether der, exactly size bytes, is the signature of a certificate in the store over the
 * manifest: OK, BADSIG, UNKNOWNKEY, MALFORMED, or FAULT when memory is short. The signer's own
 * certificate must be in the store; its dates do not matter, as they do not to the kernel.
 * *signer, if given, is then the certificate for OK and BADSIG, owned by the store, else NULL.
 */
enum digsig_verdict cms_verify(const __u8 *der, size_t size,
	const __u8 manifest[DIGSIG_MANIFEST_SIZE], const struct trust_store *store, X509 **signer);

/* The same over any content, for catalogs. More than INT_MAX bytes: -E2BIG, and MALFORMED. */
int cms_sign_content(const struct signer *signer, const __u8 *content, size_t content_size,
	__u8 *der, size_t *size);
enum digsig_verdict cms_verify_content(const __u8 *der, size_t size, const __u8 *content,
	size_t content_size, const struct trust_store *store, X509 **signer);

#endif
