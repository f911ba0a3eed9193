// SPDX-License-Identifier: GPL-2.0-or-later
#include "cms.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include "raw_signature.h"

#define ECDSA_TRIES 4096

static size_t round_up_64(size_t size)
{
	return (size + 63) & ~(size_t)63;
}

/* DER is written back to front: each function puts its bytes before *at and moves it there. */
static void put_bytes(__u8 **at, const void *bytes, size_t size)
{
	*at -= size;
	memcpy(*at, bytes, size);
}

static void put_header(__u8 **at, __u8 tag, const __u8 *end)
{
	size_t length = (size_t)(end - *at);

	if (length < 0x80) {
		*--*at = (__u8)length;
	} else if (length < 0x100) {
		*--*at = (__u8)length;
		*--*at = 0x81;
	} else {
		*--*at = (__u8)length;
		*--*at = (__u8)(length >> 8);
		*--*at = 0x82;
	}
	*--*at = tag;
}

int cms_encode(const __u8 key_id[DIGSIG_KEY_ID_SIZE], bool is_rsa, const __u8 *signature,
	size_t signature_size, __u8 der[DIGSIG_CMS_MAX], size_t *size)
{
	static const __u8 signed_data[] = { 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2 };
	static const __u8 data[] = { 0x30, 11, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7,
		1 };
	static const __u8 sha256[] = { 0x30, 11, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1 };
	static const __u8 rsa[] = { 0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1,
		5, 0 };
	static const __u8 ecdsa[] = { 0x30, 10, 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2 };
	static const __u8 version_3[] = { 0x02, 1, 3 };
	__u8 buffer[DIGSIG_CMS_MAX], *const end = buffer + sizeof(buffer), *at = end;
	__u8 *inner;

	if (!signature_size || signature_size > DIGSIG_CMS_MAX - 256)
		return -E2BIG;
	put_bytes(&at, signature, signature_size);
	put_header(&at, 0x04, end);
	put_bytes(&at, is_rsa ? rsa : ecdsa, is_rsa ? sizeof(rsa) : sizeof(ecdsa));
	put_bytes(&at, sha256, sizeof(sha256));
	inner = at;
	put_bytes(&at, key_id, DIGSIG_KEY_ID_SIZE);
	put_header(&at, 0x80, inner);
	put_bytes(&at, version_3, sizeof(version_3));
	put_header(&at, 0x30, end); /* SignerInfo */
	put_header(&at, 0x31, end); /* SignerInfos */
	put_bytes(&at, data, sizeof(data));
	inner = at;
	put_bytes(&at, sha256, sizeof(sha256));
	put_header(&at, 0x31, inner);
	put_bytes(&at, version_3, sizeof(version_3));
	put_header(&at, 0x30, end); /* SignedData */
	put_header(&at, 0xa0, end);
	put_bytes(&at, signed_data, sizeof(signed_data));
	put_header(&at, 0x30, end); /* ContentInfo */
	*size = (size_t)(end - at);
	memcpy(der, at, *size);
	return 0;
}

/*
 * Whether der is the one encoding that a version 1 block holds of a signature by this key. OpenSSL
 * and the kernel would let versions, algorithm parameters and unsigned parts differ.
 */
static bool is_canonical(const __u8 *der, size_t size, const __u8 key_id[DIGSIG_KEY_ID_SIZE],
	bool is_rsa, const ASN1_OCTET_STRING *signature)
{
	__u8 expected[DIGSIG_CMS_MAX];
	int length = ASN1_STRING_length(signature);
	size_t expected_size;

	return length > 0 &&
		!cms_encode(key_id, is_rsa, ASN1_STRING_get0_data(signature), (size_t)length,
			expected, &expected_size) &&
		size == expected_size && !memcmp(der, expected, size);
}

int cms_measure(struct signer *signer)
{
	const EVP_PKEY *key = X509_get0_pubkey(signer->certificate);
	/* The longest that there is; an ECDSA signature is sometimes a byte or two shorter. */
	__u8 longest[DIGSIG_CMS_MAX] = { 0 }, der[DIGSIG_CMS_MAX];
	int signature_size = EVP_PKEY_get_size(key);
	size_t size;

	if (signature_size <= 0 || (size_t)signature_size > sizeof(longest) ||
		cms_encode(signer->key_id, EVP_PKEY_is_a(key, "RSA"), longest,
			(size_t)signature_size, der, &size))
		return -E2BIG;
	signer->cms_room = round_up_64(size);
	return 0;
}

/* Whoever holds a key is asked by one thread at a time. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

/* Where the private key is not here: its holder signs the digest, and is not believed. */
static int sign_by_holder(const struct signer *signer, const __u8 *bytes, size_t bytes_size,
	__u8 signature[SIGNATURE_MAX], size_t *size)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	int err;

	if (!signer->sign_digest)
		return -ENOKEY;
	if (EVP_Digest(bytes, bytes_size, digest, NULL, EVP_sha256(), NULL) != 1)
		return -EIO;
	pthread_mutex_lock(&turn);
	err = signer->sign_digest(signer->holder, digest, signature, size);
	pthread_mutex_unlock(&turn);
	if (err)
		return err;
	return raw_signature_fits(signer->certificate, bytes, bytes_size, signature, *size)
		? 0
		: -EBADMSG;
}

static int sign_once(const struct signer *signer, const __u8 *bytes, size_t bytes_size,
	__u8 der[DIGSIG_CMS_MAX], size_t *size)
{
	const EVP_PKEY *key = X509_get0_pubkey(signer->certificate);
	__u8 signature[SIGNATURE_MAX];
	size_t signature_size = sizeof(signature);
	int err = signer->key ? raw_signature_make(signer->key, bytes, bytes_size, signature,
					&signature_size)
			      : sign_by_holder(signer, bytes, bytes_size, signature,
					&signature_size);

	return err ? err
		   : cms_encode(signer->key_id, EVP_PKEY_is_a(key, "RSA"), signature,
			     signature_size, der, size);
}

int cms_sign(const struct signer *signer, const __u8 manifest[DIGSIG_MANIFEST_SIZE], __u8 *der,
	size_t *size)
{
	return cms_sign_content(signer, manifest, DIGSIG_MANIFEST_SIZE, der, size);
}

int cms_sign_content(const struct signer *signer, const __u8 *content, size_t content_size,
	__u8 *der, size_t *size)
{
	if (content_size > INT_MAX)
		return -E2BIG;
	/*
	 * What is signed states the size of the whole, which thus has to be known before the signature
	 * is: an ECDSA signature of an unusual length is drawn again.
	 */
	for (int i = 0; i < ECDSA_TRIES; i++) {
		__u8 whole[DIGSIG_CMS_MAX];
		int err = sign_once(signer, content, content_size, whole, size);

		if (err)
			return err;
		if (round_up_64(*size) == signer->cms_room) {
			memcpy(der, whole, *size);
			return 0;
		}
	}
	return -EIO;
}

/* What a signature is about. */
struct content {
	const __u8 *bytes;
	size_t size;
};

static bool signature_fits(CMS_ContentInfo *cms, X509 *certificate, const struct content *about)
{
	const unsigned int flags =
		CMS_BINARY | CMS_DETACHED | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY;
	STACK_OF(X509) *only = sk_X509_new_null();
	BIO *content = BIO_new_mem_buf(about->bytes, (int)about->size);
	bool fits = false;

	if (only && content && sk_X509_push(only, certificate) > 0)
		fits = CMS_verify(cms, only, NULL, content, NULL, flags) == 1;
	BIO_free(content);
	sk_X509_free(only);
	ERR_clear_error();
	return fits;
}

static enum digsig_verdict judge(CMS_ContentInfo *cms, const __u8 *der, size_t size,
	const struct content *about, const struct trust_store *store, X509 **signer)
{
	enum digsig_verdict verdict = DIGSIG_VERDICT_UNKNOWNKEY;
	STACK_OF(CMS_SignerInfo) *infos;
	ASN1_OCTET_STRING *id = NULL;
	CMS_SignerInfo *info;

	if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed || CMS_is_detached(cms) != 1)
		return DIGSIG_VERDICT_MALFORMED;
	infos = CMS_get0_SignerInfos(cms);
	if (!infos || sk_CMS_SignerInfo_num(infos) != 1)
		return DIGSIG_VERDICT_MALFORMED;
	info = sk_CMS_SignerInfo_value(infos, 0);
	if (!CMS_SignerInfo_get0_signer_id(info, &id, NULL, NULL) || !id ||
		ASN1_STRING_length(id) != DIGSIG_KEY_ID_SIZE)
		return DIGSIG_VERDICT_MALFORMED;

	for (size_t i = 0; i < trust_store_count(store); i++) {
		X509 *certificate = trust_store_certificate(store, i);
		__u8 key_id[DIGSIG_KEY_ID_SIZE];

		/* Several certificates may have this key id, as after a renewal: try each. */
		if (certificate_key_id(certificate, key_id) ||
			memcmp(key_id, ASN1_STRING_get0_data(id), sizeof(key_id)))
			continue;
		if (!is_canonical(der, size, key_id,
			    EVP_PKEY_is_a(X509_get0_pubkey(certificate), "RSA"),
			    CMS_SignerInfo_get0_signature(info)))
			return DIGSIG_VERDICT_MALFORMED;
		if (signer)
			*signer = certificate;
		verdict = DIGSIG_VERDICT_BADSIG;
		if (signature_fits(cms, certificate, about))
			return DIGSIG_VERDICT_OK;
	}
	return verdict;
}

enum digsig_verdict cms_verify(const __u8 *der, size_t size,
	const __u8 manifest[DIGSIG_MANIFEST_SIZE], const struct trust_store *store, X509 **signer)
{
	return cms_verify_content(der, size, manifest, DIGSIG_MANIFEST_SIZE, store, signer);
}

enum digsig_verdict cms_verify_content(const __u8 *der, size_t size, const __u8 *content,
	size_t content_size, const struct trust_store *store, X509 **signer)
{
	const struct content about = { content, content_size };
	enum digsig_verdict verdict = DIGSIG_VERDICT_MALFORMED;
	const unsigned char *at = der;
	CMS_ContentInfo *cms;

	if (signer)
		*signer = NULL;
	if (size > DIGSIG_CMS_MAX || content_size > INT_MAX)
		return DIGSIG_VERDICT_MALFORMED;
	cms = d2i_CMS_ContentInfo(NULL, &at, (long)size);
	if (cms && at == der + size)
		verdict = judge(cms, der, size, &about, store, signer);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return verdict;
}
