// SPDX-License-Identifier: GPL-2.0-or-later
#include "certificate_make.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include "raw_signature.h"

static int add_name_part(X509_NAME *name, const char *field, const char *value)
{
	if (!*value ||
		X509_NAME_add_entry_by_txt(
			name, field, MBSTRING_UTF8, (const unsigned char *)value, -1, -1, 0) != 1)
		return -EINVAL;
	return 0;
}

/* "CN=Build, O=Example": a backslash takes the next character as it is. */
static int set_subject(X509_NAME *name, const char *subject)
{
	char *copy = strdup(subject), *in = copy, *out = copy, *part = copy, *value = NULL;
	int err = 0;

	if (!copy)
		return -ENOMEM;
	if (!strchr(subject, '=')) {
		err = add_name_part(name, "CN", subject);
		free(copy);
		return err;
	}
	/* In place: out is never ahead of in. */
	for (; !err; in++) {
		if (*in == '\\' && in[1]) {
			*out++ = *++in;
		} else if (*in == '=' && !value) {
			*out++ = '\0';
			value = out;
		} else if (*in == ',' || !*in) {
			bool is_last = !*in;

			*out++ = '\0';
			err = value ? add_name_part(name, part, value) : -EINVAL;
			if (is_last)
				break;
			while (in[1] == ' ')
				in++;
			part = out;
			value = NULL;
		} else {
			*out++ = *in;
		}
	}
	free(copy);
	return err;
}

static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX context;
	bool added;

	X509V3_set_ctx(&context, issuer ? issuer : certificate, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	added = extension && X509_add_ext(certificate, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return added;
}

/* A positive number of 159 random bits: RFC 5280 section 4.1.2.2 allows up to 20 bytes. */
static bool set_random_serial(X509 *certificate)
{
	BIGNUM *number = BN_new();
	bool set = number && BN_rand(number, 159, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
		BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));

	BN_free(number);
	return set;
}

static int set_names(X509 *certificate, const struct certificate_request *request)
{
	X509_NAME *subject = X509_get_subject_name(certificate), *issuer = NULL;
	int err = 0;

	if (!request->subject_name)
		err = set_subject(subject, request->subject);
	else if (X509_set_subject_name(certificate, request->subject_name) != 1)
		err = -EIO;
	if (err)
		return err;
	if (request->issuer)
		return X509_set_issuer_name(certificate, X509_get_subject_name(request->issuer)) == 1
			? 0
			: -EIO;
	if (!request->issuer_name)
		return X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1
			? 0
			: -EIO;
	issuer = X509_NAME_new();
	err = issuer ? set_subject(issuer, request->issuer_name) : -ENOMEM;
	if (!err && X509_set_issuer_name(certificate, issuer) != 1)
		err = -EIO;
	X509_NAME_free(issuer);
	return err;
}

/* From now on; what was issued is not valid longer than its issuer. */
static bool set_validity(X509 *certificate, const struct certificate_request *request)
{
	ASN1_TIME *until = X509_getm_notAfter(certificate);
	const ASN1_TIME *most;

	if (!X509_gmtime_adj(X509_getm_notBefore(certificate), 0) ||
		!X509_time_adj_ex(until, request->days, 0, NULL))
		return false;
	if (!request->issuer)
		return true;
	most = X509_get0_notAfter(request->issuer);
	return ASN1_TIME_compare(until, most) <= 0 || X509_set1_notAfter(certificate, most) == 1;
}

static bool add_extensions(X509 *certificate, const struct certificate_request *request)
{
	X509 *issuer = request->issuer;

	if (request->is_authority)
		return add_extension(certificate, issuer, NID_basic_constraints,
			       "critical,CA:TRUE,pathlen:0") &&
			add_extension(certificate, issuer, NID_key_usage,
				"critical,keyCertSign,cRLSign") &&
			add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
	return add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
		add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
		add_extension(certificate, issuer, NID_ext_key_usage, "codeSigning") &&
		add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
}

int certificate_make(const struct certificate_request *request, EVP_PKEY *key, X509 **made)
{
	X509 *certificate = X509_new();
	int err;

	if (!certificate)
		return -ENOMEM;
	err = set_names(certificate, request);
	if (err)
		goto out_err;
	err = -EIO;
	if (X509_set_version(certificate, X509_VERSION_3) != 1 || !set_random_serial(certificate) ||
		!set_validity(certificate, request) ||
		X509_set_pubkey(certificate, request->key) != 1 ||
		!add_extensions(certificate, request) ||
		(!request->issuer_name &&
			!add_extension(certificate, request->issuer,
				NID_authority_key_identifier, "keyid:always")) ||
		!X509_sign(certificate, key, EVP_sha256()))
		goto out_err;
	*made = certificate;
	return 0;

out_err:
	X509_free(certificate);
	ERR_clear_error();
	return err;
}

/* Puts the holder's signature in the place of the one that was made to fill in the algorithms. */
static int sign_again(X509 *certificate, X509 *issuer, digest_signer *sign, void *holder)
{
	const ASN1_BIT_STRING *current;
	__u8 digest[DIGSIG_DIGEST_SIZE], signature[SIGNATURE_MAX];
	unsigned char *signed_part = NULL;
	int err, length = i2d_re_X509_tbs(certificate, &signed_part);
	size_t size = 0;

	if (length <= 0)
		return -EIO;
	err = EVP_Digest(signed_part, (size_t)length, digest, NULL, EVP_sha256(), NULL) == 1
		? sign(holder, digest, signature, &size)
		: -EIO;
	if (!err && !raw_signature_fits(issuer, signed_part, (size_t)length, signature, size))
		err = -EBADMSG;
	X509_get0_signature(&current, NULL, certificate);
	/* OpenSSL has no function that sets it. */
	if (!err && !ASN1_STRING_set((ASN1_BIT_STRING *)current, signature, (int)size))
		err = -ENOMEM;
	OPENSSL_free(signed_part);
	return err;
}

int certificate_make_by_holder(const struct certificate_request *request, digest_signer *sign,
	void *holder, X509 **made)
{
	const EVP_PKEY *signing_key =
		request->issuer ? X509_get0_pubkey(request->issuer) : request->key;
	/* Of the same kind, so that the certificate names the right algorithm. */
	EVP_PKEY *one_time =
		EVP_PKEY_is_a(signing_key, "RSA") ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	int err = one_time ? certificate_make(request, one_time, made) : -EIO;

	if (!err) {
		err = sign_again(*made, request->issuer ? request->issuer : *made, sign, holder);
		if (err)
			X509_free(*made);
	}
	EVP_PKEY_free(one_time);
	ERR_clear_error();
	return err;
}

int certificate_issue(
	const struct certificate_request *request, const struct signer *issuer, X509 **made)
{
	struct certificate_request issued = *request;

	issued.issuer = issuer->certificate;
	if (issuer->key)
		return certificate_make(&issued, issuer->key, made);
	if (!issuer->sign_digest)
		return -ENOKEY;
	return certificate_make_by_holder(&issued, issuer->sign_digest, issuer->holder, made);
}
