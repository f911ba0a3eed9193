// SPDX-License-Identifier: GPL-2.0-or-later
#include "chain.h"
#include <stdio.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* 112 bits of security: RSA and DSA of 2,048 bits, curves of 224, no SHA-1. */
#define SECURITY_LEVEL 2

/* OpenSSL caches the parsed extensions inside the certificate, hence no const there. */
static bool has_extension(const X509 *certificate, uint32_t flag)
{
	return X509_get_extension_flags((X509 *)certificate) & flag;
}

static bool may_use(const X509 *certificate, uint32_t usage)
{
	return X509_get_key_usage((X509 *)certificate) & usage;
}

bool certificate_is_authority(const X509 *certificate)
{
	return has_extension(certificate, EXFLAG_CA) && has_extension(certificate, EXFLAG_KUSAGE) &&
		may_use(certificate, KU_KEY_CERT_SIGN);
}

bool certificate_signs_code(const X509 *certificate)
{
	return !certificate_is_authority(certificate) || may_use(certificate, KU_DIGITAL_SIGNATURE);
}

bool certificate_is_self_signed(X509 *certificate)
{
	bool is = X509_self_signed(certificate, 1) == 1;

	ERR_clear_error();
	return is;
}

static const char *meaning(int error)
{
	switch (error) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return "no CA in the trust issued it";
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		return "it bears a CA's name, but not its signature";
	case X509_V_ERR_PATH_LENGTH_EXCEEDED:
		return "it was issued by a CA that may not be one: the path length of the CA above "
		       "is exceeded";
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return "it is signed over a weak digest: have it issued anew with SHA-256";
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
		return "its key, or its CA's, is too short: RSA needs 2048 bits";
	}
	return X509_verify_cert_error_string(error);
}

static bool is_for_code(X509 *certificate, const char **why)
{
	uint32_t extended = X509_get_extended_key_usage(certificate);

	*why = "it was not issued for signing code: extendedKeyUsage=codeSigning is missing";
	if (!has_extension(certificate, EXFLAG_XKUSAGE) || !(extended & XKU_CODE_SIGN))
		return false;
	*why = "it was not issued for signatures: digitalSignature is missing in its key usage";
	return !has_extension(certificate, EXFLAG_KUSAGE) ||
		may_use(certificate, KU_DIGITAL_SIGNATURE);
}

static int verify(X509 *certificate, STACK_OF(X509) *anchors, STACK_OF(X509) *intermediates)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *parameters;
	int error = X509_V_ERR_OUT_OF_MEM;

	if (context && X509_STORE_CTX_init(context, NULL, certificate, intermediates) == 1) {
		parameters = X509_STORE_CTX_get0_param(context);
		X509_STORE_CTX_set0_trusted_stack(context, anchors);
		/* An anchor need not be self-signed: it is the host that put it there. */
		X509_VERIFY_PARAM_set_flags(
			parameters, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
		X509_VERIFY_PARAM_set_auth_level(parameters, SECURITY_LEVEL);
		error = X509_verify_cert(context) == 1 ? X509_V_OK
						       : X509_STORE_CTX_get_error(context);
		if (!error && sk_X509_num(X509_STORE_CTX_get0_chain(context)) < 2)
			error = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT;
	}
	X509_STORE_CTX_free(context);
	ERR_clear_error();
	return error;
}

bool certificate_is_issued(X509 *certificate, STACK_OF(X509) *anchors,
	STACK_OF(X509) *intermediates, char *why, size_t size)
{
	int error = verify(certificate, anchors, intermediates);
	const char *what;

	if (error) {
		snprintf(why, size, "%s", meaning(error));
		return false;
	}
	if (certificate_is_authority(certificate) || is_for_code(certificate, &what))
		return true;
	snprintf(why, size, "%s", what);
	return false;
}
