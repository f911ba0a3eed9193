// SPDX-License-Identifier: GPL-2.0-or-later
#include "signer.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include "chain.h"
#include "cms.h"
#include "store.h"

struct passphrase_request {
	passphrase_source source;
	void *context;
	bool asked, has_answer;
};

static int ask_passphrase(char *buffer, int size, int for_writing, void *context)
{
	struct passphrase_request *request = context;
	int length;

	(void)for_writing;
	request->asked = true;
	length = request->source ? request->source(buffer, size, request->context) : -1;
	request->has_answer = length >= 0 && length <= size;
	return request->has_answer ? length : -1;
}

bool key_can_sign(const EVP_PKEY *key)
{
	int bits = key ? EVP_PKEY_get_bits(key) : 0;

	return key &&
		((EVP_PKEY_is_a(key, "RSA") && bits >= 2048 && bits <= 16384) ||
			(EVP_PKEY_is_a(key, "EC") && bits >= 256));
}

static int load_key(struct signer *signer, const char *path, passphrase_source passphrase,
	void *context, enum signer_problem *problem)
{
	struct passphrase_request request = { .source = passphrase, .context = context };
	FILE *file = fopen(path, "re");

	if (!file) {
		*problem = SIGNER_PROBLEM_KEY_UNREADABLE;
		return -errno;
	}
	signer->key = PEM_read_PrivateKey(file, NULL, ask_passphrase, &request);
	fclose(file);
	ERR_clear_error();
	if (!signer->key) {
		*problem = request.has_answer ? SIGNER_PROBLEM_PASSPHRASE
			: request.asked       ? SIGNER_PROBLEM_ENCRYPTED
					      : SIGNER_PROBLEM_KEY_FORMAT;
		return request.asked ? -EKEYREJECTED : -EBADMSG;
	}
	if (!key_can_sign(signer->key)) {
		*problem = SIGNER_PROBLEM_KEY_ALGORITHM;
		return -EKEYREJECTED;
	}
	return 0;
}

/* The signer's, be it beside its CA's; or a CA's alone. */
static X509 *only_certificate(const struct trust_store *store)
{
	size_t count = trust_store_count(store);

	if (count)
		return count == 1 ? trust_store_certificate(store, 0) : NULL;
	return trust_store_authority(store, 1) ? NULL : trust_store_authority(store, 0);
}

static int load_certificate(struct signer *signer, const char *path, enum signer_problem *problem)
{
	struct trust_store *store;
	int err = trust_store_new(&store);

	*problem = SIGNER_PROBLEM_CERTIFICATE_UNREADABLE;
	if (err)
		return err;
	err = trust_store_add(store, path, NULL);
	if (!err)
		signer->certificate = only_certificate(store);
	if (!err && !signer->certificate)
		err = -EBADMSG;
	if (err == -EBADMSG || err == -ENODATA)
		*problem = SIGNER_PROBLEM_CERTIFICATE_FORMAT;
	if (!err)
		X509_up_ref(signer->certificate);
	trust_store_free(store);
	return err;
}

int certificate_key_id(const X509 *certificate, __u8 key_id[DIGSIG_KEY_ID_SIZE])
{
	/* OpenSSL caches the parsed extensions inside the certificate, hence no const there. */
	const ASN1_OCTET_STRING *id = X509_get0_subject_key_id((X509 *)certificate);

	if (!id || ASN1_STRING_length(id) != DIGSIG_KEY_ID_SIZE)
		return -ENODATA;
	memcpy(key_id, ASN1_STRING_get0_data(id), DIGSIG_KEY_ID_SIZE);
	return 0;
}

/* What is known once the certificate is there. */
static int complete(struct signer *signer, enum signer_problem *problem)
{
	int err = certificate_key_id(signer->certificate, signer->key_id);

	*problem = SIGNER_PROBLEM_NO_KEY_ID;
	if (err)
		return err;
	*problem = SIGNER_PROBLEM_CRYPTO;
	err = cms_measure(signer);
	if (!err)
		*problem = SIGNER_PROBLEM_NONE;
	return err;
}

int signer_load(struct signer **signer, const char *key_path, const char *certificate_path,
	passphrase_source passphrase, void *context, enum signer_problem *problem)
{
	struct signer *made = calloc(1, sizeof(*made));
	int err;

	*problem = SIGNER_PROBLEM_NONE;
	if (!made)
		return -ENOMEM;
	err = load_key(made, key_path, passphrase, context, problem);
	if (err)
		goto out_err;
	err = load_certificate(made, certificate_path, problem);
	if (err)
		goto out_err;
	if (X509_check_private_key(made->certificate, made->key) != 1) {
		ERR_clear_error();
		*problem = SIGNER_PROBLEM_MISMATCH;
		err = -EKEYREJECTED;
		goto out_err;
	}
	err = complete(made, problem);
	if (err)
		goto out_err;
	*signer = made;
	return 0;

out_err:
	signer_free(made);
	return err;
}

static int of_certificate(struct signer *made, struct signer **signer, enum signer_problem *problem)
{
	int err;

	if (!key_can_sign(X509_get0_pubkey(made->certificate))) {
		*problem = SIGNER_PROBLEM_CERTIFICATE_ALGORITHM;
		err = -EKEYREJECTED;
	} else {
		err = complete(made, problem);
	}
	if (err)
		signer_free(made);
	else
		*signer = made;
	return err;
}

int signer_of_certificate(
	struct signer **signer, const char *certificate_path, enum signer_problem *problem)
{
	struct signer *made = calloc(1, sizeof(*made));
	int err;

	*problem = SIGNER_PROBLEM_NONE;
	if (!made)
		return -ENOMEM;
	err = load_certificate(made, certificate_path, problem);
	if (err) {
		signer_free(made);
		return err;
	}
	return of_certificate(made, signer, problem);
}

int signer_of_x509(struct signer **signer, X509 *certificate, enum signer_problem *problem)
{
	struct signer *made = calloc(1, sizeof(*made));

	*problem = SIGNER_PROBLEM_NONE;
	if (!made)
		return -ENOMEM;
	X509_up_ref(certificate);
	made->certificate = certificate;
	return of_certificate(made, signer, problem);
}

int signer_check_purpose(const struct signer *signer, enum signer_problem *problem)
{
	if (certificate_signs_code(signer->certificate))
		return 0;
	*problem = SIGNER_PROBLEM_AUTHORITY;
	return -EPERM;
}

void signer_free(struct signer *signer)
{
	if (!signer)
		return;
	if (signer->release)
		signer->release(signer->holder);
	EVP_PKEY_free(signer->key);
	X509_free(signer->certificate);
	free(signer);
}

const char *signing_error_meaning(int error)
{
	switch (error) {
	case EKEYREJECTED:
		return "the passphrase or PIN is wrong: try again with the right one";
	case ECANCELED:
		return "whoever was asked for the passphrase or PIN gave none";
	case ENODEV:
		return "the card or token is not there any more: put it in, and sign again";
	case ENOKEY:
		return "the private key is not there";
	case EBADMSG:
		return "the certificate belongs to another key: name the right one with --cert";
	}
	return "the key failed to sign";
}

const char *signer_problem_meaning(enum signer_problem problem)
{
	switch (problem) {
	case SIGNER_PROBLEM_NONE:
		return "nothing is wrong";
	case SIGNER_PROBLEM_KEY_UNREADABLE:
		return "the key cannot be read";
	case SIGNER_PROBLEM_KEY_FORMAT:
		return "not a private key in PEM form: make one with digsig key new";
	case SIGNER_PROBLEM_KEY_ALGORITHM:
		return "not a key for signing here: use RSA of 2048 bits or more, or ECDSA";
	case SIGNER_PROBLEM_PASSPHRASE:
		return "the passphrase or PIN does not open the key";
	case SIGNER_PROBLEM_ENCRYPTED:
		return "the key is encrypted, and no passphrase was given";
	case SIGNER_PROBLEM_NO_PIN:
		return "the token wants a PIN, and none was given";
	case SIGNER_PROBLEM_CERTIFICATE_UNREADABLE:
		return "the certificate cannot be read: name it with --cert";
	case SIGNER_PROBLEM_CERTIFICATE_FORMAT:
		return "not a file with one X.509 certificate: name the signer's own with --cert";
	case SIGNER_PROBLEM_CERTIFICATE_ALGORITHM:
		return "not the certificate of a key for signing here: use RSA of 2048 bits or "
		       "more, or ECDSA";
	case SIGNER_PROBLEM_MISMATCH:
		return "the certificate belongs to another key: name the right one with --cert";
	case SIGNER_PROBLEM_NO_KEY_ID:
		return "the certificate has no subject key identifier of 20 bytes: issue it with "
		       "subjectKeyIdentifier=hash";
	case SIGNER_PROBLEM_AUTHORITY:
		return "the certificate is a CA's, which vouches for certificates and not for "
		       "code: sign with a key that has one from it, made by digsig key new --issuer";
	case SIGNER_PROBLEM_CRYPTO:
		return "its signatures are larger than a block can hold";
	case SIGNER_PROBLEM_URI:
		return "not a PKCS#11 URI: write it like \"pkcs11:token=NAME;object=NAME\"";
	case SIGNER_PROBLEM_MODULE:
		return "no PKCS#11 module could be loaded: install the token's, or name it with "
		       "?module-path=FILE";
	case SIGNER_PROBLEM_TOKEN_ABSENT:
		return "no such token is here: put it in, or look with pkcs11-tool -L for its name";
	case SIGNER_PROBLEM_TOKENS_SEVERAL:
		return "several tokens are meant by it: name one with token=NAME or serial=NUMBER";
	case SIGNER_PROBLEM_TOKEN_FAILED:
		return "the token does not answer: take it out, put it in, and try again";
	case SIGNER_PROBLEM_PIN_LOCKED:
		return "the token's PIN is locked or was never set: unlock it first";
	case SIGNER_PROBLEM_KEY_ABSENT:
		return "no such private key for RSA or ECDSA is on the token: look with "
		       "pkcs11-tool -O --login for its name";
	case SIGNER_PROBLEM_KEYS_SEVERAL:
		return "several keys are meant by it: name one with object=NAME or id=%HEX";
	case SIGNER_PROBLEM_TOKEN_CERTIFICATE:
		return "the token has no certificate with this key's id: name a file with --cert";
	}
	return "?";
}
