// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_request.h"
#include <errno.h>
#include <stdio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include "signer.h"

#define SIZE_MAX_OF_FILE 65536

static int take_request(X509_REQ *request, struct wanted_certificate *wanted)
{
	wanted->key = X509_REQ_get_pubkey(request);
	wanted->subject = X509_NAME_dup(X509_REQ_get_subject_name(request));
	if (!wanted->key)
		return -EKEYREJECTED;
	return X509_REQ_verify(request, wanted->key) == 1 ? 0 : -EPERM;
}

static int take_certificate(X509 *certificate, struct wanted_certificate *wanted)
{
	wanted->key = X509_get_pubkey(certificate);
	wanted->subject = X509_NAME_dup(X509_get_subject_name(certificate));
	return wanted->key ? 0 : -EKEYREJECTED;
}

/* What bytes are in this form, PEM or DER; all four are tried. */
static int take(const unsigned char *bytes, int size, struct wanted_certificate *wanted)
{
	const unsigned char *of_request = bytes, *of_certificate = bytes;
	BIO *bio = BIO_new_mem_buf(bytes, size);
	X509_REQ *request = bio ? PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL) : NULL;
	X509 *certificate = NULL;
	int err = -EBADMSG;

	if (!request)
		request = d2i_X509_REQ(NULL, &of_request, size);
	if (!request && bio && BIO_reset(bio) == 1)
		certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (!request && !certificate)
		certificate = d2i_X509(NULL, &of_certificate, size);
	if (request)
		err = take_request(request, wanted);
	else if (certificate)
		err = take_certificate(certificate, wanted);
	X509_REQ_free(request);
	X509_free(certificate);
	BIO_free(bio);
	return err;
}

int wanted_certificate_parse(
	const unsigned char *bytes, size_t size, struct wanted_certificate *wanted)
{
	int err = size > SIZE_MAX_OF_FILE ? -EFBIG : 0;

	*wanted = (struct wanted_certificate){ 0 };
	if (!err)
		err = take(bytes, (int)size, wanted);
	if (!err && !wanted->subject)
		err = -ENOMEM;
	if (!err && !key_can_sign(wanted->key))
		err = -EKEYREJECTED;
	if (err)
		wanted_certificate_free(wanted);
	ERR_clear_error();
	return err;
}

int wanted_certificate_read(const char *path, struct wanted_certificate *wanted)
{
	unsigned char bytes[SIZE_MAX_OF_FILE + 1];
	FILE *file = fopen(path, "re");
	size_t size;
	int err = 0;

	if (!file)
		return -errno;
	errno = 0;
	size = fread(bytes, 1, sizeof(bytes), file);
	if (ferror(file))
		err = errno ? -errno : -EIO;
	fclose(file);
	return err ? err : wanted_certificate_parse(bytes, size, wanted);
}

void wanted_certificate_free(struct wanted_certificate *wanted)
{
	EVP_PKEY_free(wanted->key);
	X509_NAME_free(wanted->subject);
	*wanted = (struct wanted_certificate){ 0 };
}
