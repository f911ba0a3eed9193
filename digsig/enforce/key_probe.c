// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_probe.h"
#include <errno.h>
#include <keyutils.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

static X509 *make_certificate(EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	X509_NAME *name = certificate ? X509_get_subject_name(certificate) : NULL;

	if (!name ||
		!X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
			(const unsigned char *)"digsig doctor", -1, -1, 0) ||
		!X509_set_version(certificate, X509_VERSION_3) ||
		!ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) ||
		!X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) ||
		!X509_gmtime_adj(X509_getm_notAfter(certificate), 86400) ||
		!X509_set_issuer_name(certificate, name) ||
		!X509_set_pubkey(certificate, key) || !X509_sign(certificate, key, EVP_sha256())) {
		X509_free(certificate);
		return NULL;
	}
	return certificate;
}

static int ask_kernel(X509 *certificate, const char *encoding)
{
	struct keyctl_pkey_query query = { 0 };
	unsigned char *der = NULL;
	int size = i2d_X509(certificate, &der), err = 0;
	key_serial_t key;

	if (size < 0)
		return -ENOMEM;
	key = add_key("asymmetric", "digsig doctor", der, (size_t)size, KEY_SPEC_THREAD_KEYRING);
	if (key < 0)
		err = -errno;
	else if (keyctl_pkey_query(key, encoding, &query))
		err = -errno;
	OPENSSL_free(der);
	if (key >= 0)
		keyctl_unlink(key, KEY_SPEC_THREAD_KEYRING);
	if (err == -ENOPKG || err == -ENOENT || err == -EOPNOTSUPP || err == -ENODEV ||
		err == -EBADMSG)
		return 0;
	return err ? err : (query.supported_ops & KEYCTL_SUPPORTS_VERIFY) != 0;
}

int kernel_verifies(enum probed_key kind)
{
	EVP_PKEY *key = kind == PROBED_RSA ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	X509 *certificate = key ? make_certificate(key) : NULL;
	int answer = -ENOMEM;

	if (certificate)
		answer = ask_kernel(certificate,
			kind == PROBED_RSA ? "enc=pkcs1 hash=sha256" : "enc=x962 hash=sha256");
	X509_free(certificate);
	EVP_PKEY_free(key);
	return answer;
}
