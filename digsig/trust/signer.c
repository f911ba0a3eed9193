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
#include "cms.h"
#include "store.h"

struct passphrase_request {
	passphrase_source source;
	void *context;
	bool asked;
};

static int ask_passphrase(char *buffer, int size, int for_writing, void *context)
{
	struct passphrase_request *request = context;
	int length;

	(void)for_writing;
	request->asked = true;
	length = request->source ? request->source(buffer, size, request->context) : -1;
	return length < 0 || length > size ? -1 : length;
}

static int load_key(struct signer *signer, const char *path, passphrase_source passphrase,
	void *context, enum signer_problem *problem)
{
	struct passphrase_request request = { .source = passphrase, .context = context };
	FILE *file = fopen(path, "re");
	int bits;

	if (!file) {
		*problem = SIGNER_PROBLEM_KEY_UNREADABLE;
		return -errno;
	}
	signer->key = PEM_read_PrivateKey(file, NULL, ask_passphrase, &request);
	fclose(file);
	ERR_clear_error();
	if (!signer->key) {
		*problem = request.asked ? SIGNER_PROBLEM_PASSPHRASE : SIGNER_PROBLEM_KEY_FORMAT;
		return request.asked ? -EKEYREJECTED : -EBADMSG;
	}
	bits = EVP_PKEY_get_bits(signer->key);
	if (!(EVP_PKEY_is_a(signer->key, "RSA") && bits >= 2048 && bits <= 16384) &&
		!(EVP_PKEY_is_a(signer->key, "EC") && bits >= 256)) {
		*problem = SIGNER_PROBLEM_KEY_ALGORITHM;
		return -EKEYREJECTED;
	}
	return 0;
}

static int load_certificate(struct signer *signer, const char *path, enum signer_problem *problem)
{
	struct trust_store *store;
	int err = trust_store_new(&store);

	*problem = SIGNER_PROBLEM_CERTIFICATE_UNREADABLE;
	if (err)
		return err;
	err = trust_store_add(store, path, NULL);
	if (!err && trust_store_count(store) != 1)
		err = -EBADMSG;
	if (err == -EBADMSG || err == -ENODATA)
		*problem = SIGNER_PROBLEM_CERTIFICATE_FORMAT;
	if (!err) {
		signer->certificate = trust_store_certificate(store, 0);
		X509_up_ref(signer->certificate);
	}
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
	err = certificate_key_id(made->certificate, made->key_id);
	if (err) {
		*problem = SIGNER_PROBLEM_NO_KEY_ID;
		goto out_err;
	}
	err = cms_measure(made);
	if (err) {
		*problem = SIGNER_PROBLEM_CRYPTO;
		goto out_err;
	}
	*problem = SIGNER_PROBLEM_NONE;
	*signer = made;
	return 0;

out_err:
	signer_free(made);
	return err;
}

void signer_free(struct signer *signer)
{
	if (!signer)
		return;
	EVP_PKEY_free(signer->key);
	X509_free(signer->certificate);
	free(signer);
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
		return "the passphrase does not open the key: give the right one in "
		       "--passphrase-file, or type it on a terminal";
	case SIGNER_PROBLEM_CERTIFICATE_UNREADABLE:
		return "the certificate cannot be read: name it with --cert";
	case SIGNER_PROBLEM_CERTIFICATE_FORMAT:
		return "not a file with one X.509 certificate: name the signer's own with --cert";
	case SIGNER_PROBLEM_MISMATCH:
		return "the certificate belongs to another key: name the right one with --cert";
	case SIGNER_PROBLEM_NO_KEY_ID:
		return "the certificate has no subject key identifier of 20 bytes: issue it with "
		       "subjectKeyIdentifier=hash";
	case SIGNER_PROBLEM_CRYPTO:
		return "the key cannot sign SHA-256 digests";
	}
	return "?";
}
