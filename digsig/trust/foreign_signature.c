// SPDX-License-Identifier: GPL-2.0-or-later
#include "foreign_signature.h"
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <openssl/pem.h> /* before cms.h, which declares its PEM functions only then */
#include <openssl/cms.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include "cms.h"
#include "raw_signature.h"

struct raw_signature {
	__u8 bytes[SIGNATURE_MAX];
	size_t size;
};

static bool fail(enum foreign_signature_problem *problem, enum foreign_signature_problem what)
{
	*problem = what;
	return false;
}

static CMS_ContentInfo *parse_cms(const __u8 *bytes, size_t size)
{
	const unsigned char *at = bytes;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)size);
	BIO *bio;

	if (cms && at != bytes + size) {
		CMS_ContentInfo_free(cms);
		cms = NULL;
	}
	if (cms)
		return cms;
	bio = BIO_new_mem_buf(bytes, (int)size);
	if (bio)
		cms = PEM_read_bio_CMS(bio, NULL, NULL, NULL);
	BIO_free(bio);
	ERR_clear_error();
	return cms;
}

static bool is_named(const X509 *certificate, const __u8 *manifest)
{
	__u8 key_id[DIGSIG_KEY_ID_SIZE];

	return !certificate_key_id(certificate, key_id) &&
		!memcmp(key_id, ((const struct digsig_manifest *)manifest)->key_id,
			sizeof(key_id));
}

/* The certificate in the CMS that the manifest names; to be freed. */
static X509 *enclosed_certificate(CMS_ContentInfo *cms, const __u8 *manifest)
{
	STACK_OF(X509) *enclosed = CMS_get1_certs(cms);
	X509 *found = NULL;

	for (int i = 0; i < sk_X509_num(enclosed) && !found; i++)
		if (is_named(sk_X509_value(enclosed, i), manifest))
			found = sk_X509_value(enclosed, i);
	if (found)
		X509_up_ref(found);
	sk_X509_pop_free(enclosed, X509_free);
	return found;
}

static bool take_from_cms(
	CMS_ContentInfo *cms, struct raw_signature *raw, enum foreign_signature_problem *problem)
{
	STACK_OF(CMS_SignerInfo) *infos = OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed
		? CMS_get0_SignerInfos(cms)
		: NULL;
	ASN1_OCTET_STRING *signature;
	CMS_SignerInfo *info;
	X509_ALGOR *digest;

	if (!infos || sk_CMS_SignerInfo_num(infos) != 1)
		return fail(problem, FOREIGN_SIGNATURE_NOT_SIGNED);
	info = sk_CMS_SignerInfo_value(infos, 0);
	if (CMS_signed_get_attr_count(info) > 0)
		return fail(problem, FOREIGN_SIGNATURE_ATTRIBUTES);
	CMS_SignerInfo_get0_algs(info, NULL, NULL, &digest, NULL);
	if (!digest || OBJ_obj2nid(digest->algorithm) != NID_sha256)
		return fail(problem, FOREIGN_SIGNATURE_DIGEST);
	signature = CMS_SignerInfo_get0_signature(info);
	raw->size = (size_t)ASN1_STRING_length(signature);
	if (raw->size > sizeof(raw->bytes))
		return fail(problem, FOREIGN_SIGNATURE_WRONG);
	memcpy(raw->bytes, ASN1_STRING_get0_data(signature), raw->size);
	return true;
}

static bool is_der_ecdsa(const __u8 *bytes, size_t size)
{
	const unsigned char *at = bytes;
	ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)size);
	bool is_it = signature && at == bytes + size;

	ECDSA_SIG_free(signature);
	ERR_clear_error();
	return is_it;
}

static bool take_raw(const struct foreign_signature *foreign, struct raw_signature *raw)
{
	const EVP_PKEY *key = X509_get0_pubkey(foreign->certificate);
	size_t number_size = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;

	raw->size = foreign->size;
	if (foreign->size > sizeof(raw->bytes))
		return false;
	memcpy(raw->bytes, foreign->bytes, foreign->size);
	if (EVP_PKEY_is_a(key, "RSA"))
		return foreign->size == (size_t)EVP_PKEY_get_size(key);
	if (is_der_ecdsa(foreign->bytes, foreign->size))
		return true;
	return foreign->size == 2 * number_size &&
		!ecdsa_signature_encode(foreign->bytes, number_size, foreign->bytes + number_size,
			number_size, raw->bytes, sizeof(raw->bytes), &raw->size);
}

/* The signature itself, and the certificate it is to be checked with: to be freed. */
static bool take_apart(const struct foreign_signature *foreign, struct raw_signature *raw,
	X509 **certificate, enum foreign_signature_problem *problem)
{
	static const char smime[] = "MIME-Version:";
	CMS_ContentInfo *cms = parse_cms(foreign->bytes, foreign->size);
	bool taken;

	*certificate = foreign->certificate;
	if (*certificate)
		X509_up_ref(*certificate);
	if (cms) {
		taken = take_from_cms(cms, raw, problem);
		if (taken && !*certificate)
			*certificate = enclosed_certificate(cms, foreign->manifest);
		CMS_ContentInfo_free(cms);
		if (taken && !*certificate)
			return fail(problem, FOREIGN_SIGNATURE_NO_CERTIFICATE);
		return taken;
	}
	if (foreign->size >= sizeof(smime) - 1 && !memcmp(foreign->bytes, smime, sizeof(smime) - 1))
		return fail(problem, FOREIGN_SIGNATURE_SMIME);
	if (!*certificate)
		return fail(problem, FOREIGN_SIGNATURE_NO_CERTIFICATE);
	return take_raw(foreign, raw) || fail(problem, FOREIGN_SIGNATURE_FORMAT);
}

static bool convert(const struct foreign_signature *foreign, X509 *certificate,
	const struct raw_signature *raw, __u8 *der, size_t *size, struct signer **signer,
	enum foreign_signature_problem *problem)
{
	bool is_rsa = EVP_PKEY_is_a(X509_get0_pubkey(certificate), "RSA");
	enum signer_problem signer_problem;

	if (!is_named(certificate, foreign->manifest) ||
		signer_of_x509(signer, certificate, &signer_problem))
		return fail(problem, FOREIGN_SIGNATURE_OTHER_KEY);
	if (!raw_signature_fits(certificate, foreign->manifest, DIGSIG_MANIFEST_SIZE, raw->bytes,
		    raw->size))
		fail(problem, FOREIGN_SIGNATURE_WRONG);
	else if (cms_encode((*signer)->key_id, is_rsa, raw->bytes, raw->size, der, size) ||
		((*size + 63) & ~(size_t)63) != (*signer)->cms_room)
		fail(problem, FOREIGN_SIGNATURE_LENGTH);
	else
		return true;
	signer_free(*signer);
	*signer = NULL;
	return false;
}

int foreign_signature_take(const struct foreign_signature *foreign, __u8 der[DIGSIG_CMS_MAX],
	size_t *size, struct signer **signer, enum foreign_signature_problem *problem)
{
	struct raw_signature raw;
	X509 *certificate;
	bool taken;

	*signer = NULL;
	*problem = FOREIGN_SIGNATURE_NONE;
	taken = take_apart(foreign, &raw, &certificate, problem) &&
		convert(foreign, certificate, &raw, der, size, signer, problem);
	X509_free(certificate);
	ERR_clear_error();
	return taken ? 0 : -EBADMSG;
}

const char *foreign_signature_meaning(enum foreign_signature_problem problem)
{
	switch (problem) {
	case FOREIGN_SIGNATURE_NONE:
		return "nothing is wrong";
	case FOREIGN_SIGNATURE_FORMAT:
		return "neither a CMS in DER or PEM form nor a raw signature by the certificate's "
		       "key: decode it first if it is base64";
	case FOREIGN_SIGNATURE_SMIME:
		return "S/MIME: sign with -outform DER";
	case FOREIGN_SIGNATURE_NOT_SIGNED:
		return "not a CMS SignedData with one signer: make it with openssl cms -sign";
	case FOREIGN_SIGNATURE_ATTRIBUTES:
		return "signed over attributes, not over the manifest itself: sign with -noattr";
	case FOREIGN_SIGNATURE_DIGEST:
		return "not signed with SHA-256: sign with -md sha256";
	case FOREIGN_SIGNATURE_NO_CERTIFICATE:
		return "the certificate that the manifest names is not in it: name it with --cert";
	case FOREIGN_SIGNATURE_OTHER_KEY:
		return "the manifest was prepared for another certificate: prepare it for this one";
	case FOREIGN_SIGNATURE_WRONG:
		return "not a signature over this manifest by the certificate's key: RSA has to be "
		       "PKCS#1 v1.5, over the 256 bytes as they are (-binary)";
	case FOREIGN_SIGNATURE_LENGTH:
		return "an ECDSA signature of an unusual length, which does not fill the block: sign "
		       "again";
	}
	return "?";
}
