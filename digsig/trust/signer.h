/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A signer: a certificate, and what signs for it. That is a private key that was loaded, or another
 * holder of the key, which is asked for one signature after the other: see signer_of_certificate.
 */
#ifndef DIGSIG_TRUST_SIGNER_H
#define DIGSIG_TRUST_SIGNER_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include "../format/block.h"

struct signer {
	EVP_PKEY *key; /* NULL: it is not here */
	X509 *certificate;
	__u8 key_id[DIGSIG_KEY_ID_SIZE]; /* the certificate's subject key identifier */
	size_t cms_room; /* of a CMS by this signer, rounded up to 64 bytes */
	/*
	 * Where the key is not here. Signs a SHA-256 digest: RSA with PKCS#1 v1.5 padding, or ECDSA as
	 * a DER ECDSA-Sig-Value, into signature with room for SIGNATURE_MAX bytes. NULL: nobody signs,
	 * -ENOKEY. -EKEYREJECTED: passphrase or PIN; -ENODEV: the card is gone; -ECANCELED: whoever
	 * was asked said no; -EBADMSG: no signature; -EIO: all else.
	 */
	int (*sign_digest)(void *holder, const __u8 digest[DIGSIG_DIGEST_SIZE], __u8 *signature,
		size_t *size);
	void (*release)(void *holder); /* called by signer_free; NULL: nothing to do */
	void *holder;
};

#define SIGNATURE_MAX 2048 /* RSA of 16,384 bits */

enum signer_problem {
	SIGNER_PROBLEM_NONE,
	SIGNER_PROBLEM_KEY_UNREADABLE, /* the errno says why */
	SIGNER_PROBLEM_KEY_FORMAT, /* not a private key in PEM */
	SIGNER_PROBLEM_KEY_ALGORITHM, /* not RSA of at least 2,048 bits, not ECDSA */
	SIGNER_PROBLEM_PASSPHRASE, /* wrong, or the PIN is */
	SIGNER_PROBLEM_ENCRYPTED, /* and no passphrase was given */
	SIGNER_PROBLEM_NO_PIN, /* was given to a token that wants one */
	SIGNER_PROBLEM_CERTIFICATE_UNREADABLE, /* the errno says why */
	SIGNER_PROBLEM_CERTIFICATE_FORMAT, /* not one X.509 certificate */
	SIGNER_PROBLEM_CERTIFICATE_ALGORITHM, /* as for the key */
	SIGNER_PROBLEM_MISMATCH, /* the certificate is another key's */
	SIGNER_PROBLEM_NO_KEY_ID, /* no subject key identifier of 20 bytes */
	SIGNER_PROBLEM_AUTHORITY, /* a CA's certificate, whose key does not sign code */
	SIGNER_PROBLEM_CRYPTO, /* too large a key for a block */
	SIGNER_PROBLEM_URI, /* not a PKCS#11 URI */
	SIGNER_PROBLEM_MODULE, /* no PKCS#11 module that can be loaded */
	SIGNER_PROBLEM_TOKEN_ABSENT,
	SIGNER_PROBLEM_TOKENS_SEVERAL,
	SIGNER_PROBLEM_TOKEN_FAILED,
	SIGNER_PROBLEM_PIN_LOCKED, /* or never set */
	SIGNER_PROBLEM_KEY_ABSENT, /* on the token */
	SIGNER_PROBLEM_KEYS_SEVERAL,
	SIGNER_PROBLEM_TOKEN_CERTIFICATE, /* none on the token that goes with the key */
};

/*
 * Asked for the passphrase of an encrypted key, and only then. Puts it, without a terminating
 * zero, into buffer and returns its length; negative: there is none.
 */
typedef int (*passphrase_source)(char *buffer, int size, void *context);

/*
 * Loads a PEM private key (PKCS#8 or traditional, possibly encrypted) and its certificate (PEM or
 * DER). Returns 0 with *signer to be freed with signer_free; else a negative errno with *problem
 * set. -EKEYREJECTED: the passphrase.
 */
int signer_load(struct signer **signer, const char *key_path, const char *certificate_path,
	passphrase_source passphrase, void *context, enum signer_problem *problem);
/*
 * A signer with no key: for what a certificate alone tells, and to be given a holder. Errors as for
 * signer_load.
 */
int signer_of_certificate(
	struct signer **signer, const char *certificate_path, enum signer_problem *problem);
/* The same from a certificate that is in memory, which stays the caller's. */
int signer_of_x509(struct signer **signer, X509 *certificate, enum signer_problem *problem);
/* Frees it with its private key; NULL: does nothing. */
void signer_free(struct signer *signer);

/* Whether it may sign code: 0; -EPERM, with *problem: it is a CA, see chain.h. */
int signer_check_purpose(const struct signer *signer, enum signer_problem *problem);

/* Whether its signatures are ones that blocks hold: RSA of 2,048 to 16,384 bits, or ECDSA of 256. */
bool key_can_sign(const EVP_PKEY *key);

/*
 * Copies a certificate's subject key identifier. -ENODATA: it has none, or not of 20 bytes, the
 * SHA-1 size that RFC 5280 section 4.2.1.2 suggests and the manifest has room for.
 */
int certificate_key_id(const X509 *certificate, __u8 key_id[DIGSIG_KEY_ID_SIZE]);

/* Why a signature could not be made, for an errno of cms_sign. A static string. */
const char *signing_error_meaning(int error);

/* What is wrong and what to do, in words. A static string. */
const char *signer_problem_meaning(enum signer_problem problem);

#endif
