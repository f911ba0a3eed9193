// SPDX-License-Identifier: GPL-2.0-or-later
#include "gpg_certificate.h"
#include <errno.h>
#include <openssl/err.h>
#include "key_new.h"
#include "raw_signature.h"

/* Puts the agent's signature in the place of the one that was made to fill in the algorithms. */
static int sign_again(
	X509 *certificate, const struct gpg_key *key, const char *passphrase)
{
	const ASN1_BIT_STRING *current;
	__u8 digest[DIGSIG_DIGEST_SIZE], signature[SIGNATURE_MAX];
	unsigned char *signed_part = NULL;
	int err, length = i2d_re_X509_tbs(certificate, &signed_part);
	size_t size = 0;

	if (length <= 0)
		return -EIO;
	err = EVP_Digest(signed_part, (size_t)length, digest, NULL, EVP_sha256(), NULL) == 1
		? gpg_sign_digest(key->grip, passphrase, digest, signature, &size)
		: -EIO;
	if (!err &&
		!raw_signature_fits(certificate, signed_part, (size_t)length, signature, size))
		err = -EBADMSG;
	X509_get0_signature(&current, NULL, certificate);
	/* OpenSSL has no function that sets it. */
	if (!err && !ASN1_STRING_set((ASN1_BIT_STRING *)current, signature, (int)size))
		err = -ENOMEM;
	OPENSSL_free(signed_part);
	return err;
}

int gpg_certificate_make(const struct gpg_key *key, const char *subject, int days,
	const char *passphrase, X509 **made, bool *is_self_signed)
{
	/* Of the same kind, so that the certificate names the right algorithm. */
	EVP_PKEY *one_time =
		EVP_PKEY_is_a(key->key, "RSA") ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	struct certificate_request request = { .subject = subject, .days = days, .key = key->key };
	int err = one_time ? certificate_make(&request, one_time, made) : -EIO;

	if (!err) {
		err = sign_again(*made, key, passphrase);
		*is_self_signed = !err;
		if (err) {
			X509_free(*made);
			*made = NULL;
		}
	}
	if (err == -ENOKEY) {
		request.issuer = "CN=digsig key import";
		err = certificate_make(&request, one_time, made);
	}
	EVP_PKEY_free(one_time);
	ERR_clear_error();
	return err;
}
