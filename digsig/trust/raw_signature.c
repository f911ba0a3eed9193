// SPDX-License-Identifier: GPL-2.0-or-later
#include "raw_signature.h"
#include <errno.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#define ECDSA_NUMBER_MAX 128

int ecdsa_signature_encode(const __u8 *r, size_t r_size, const __u8 *s, size_t s_size, __u8 *der,
	size_t room, size_t *size)
{
	ECDSA_SIG *signature = ECDSA_SIG_new();
	BIGNUM *r_number = NULL, *s_number = NULL;
	int length, err = -EBADMSG;

	if (!signature)
		return -ENOMEM;
	if (r_size > ECDSA_NUMBER_MAX || s_size > ECDSA_NUMBER_MAX)
		goto out;
	r_number = BN_bin2bn(r, (int)r_size, NULL);
	s_number = BN_bin2bn(s, (int)s_size, NULL);
	if (!r_number || !s_number || ECDSA_SIG_set0(signature, r_number, s_number) != 1) {
		BN_free(r_number);
		BN_free(s_number);
		goto out;
	}
	length = i2d_ECDSA_SIG(signature, NULL);
	if (length <= 0 || (size_t)length > room)
		goto out;
	*size = (size_t)i2d_ECDSA_SIG(signature, &der);
	err = 0;
out:
	ECDSA_SIG_free(signature);
	ERR_clear_error();
	return err;
}

int raw_signature_make(
	EVP_PKEY *key, const __u8 *bytes, size_t bytes_size, __u8 *signature, size_t *size)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool is_made = context &&
		EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestSign(context, signature, size, bytes, bytes_size) == 1;

	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return is_made ? 0 : -EIO;
}

bool raw_signature_fits(X509 *certificate, const __u8 *bytes, size_t bytes_size,
	const __u8 *signature, size_t size)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool fits = context &&
		EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL,
			X509_get0_pubkey(certificate)) == 1 &&
		EVP_DigestVerify(context, signature, size, bytes, bytes_size) == 1;

	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return fits;
}
