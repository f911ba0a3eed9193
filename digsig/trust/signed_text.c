// SPDX-License-Identifier: GPL-2.0-or-later
#include "signed_text.h"
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include "cms.h"

const char *signed_text_find(const char *text)
{
	const char *at = strstr(text, SIGNED_TEXT_MARK);

	if (!at || (at > text && at[-1] != '\n') || strstr(at + 1, SIGNED_TEXT_MARK))
		return NULL;
	return at;
}

enum digsig_verdict signed_text_verify(
	const char *signature, const char *content, size_t size, const struct trust_store *store, X509 **signer)
{
	enum digsig_verdict verdict = DIGSIG_VERDICT_MALFORMED;
	BIO *bio = BIO_new_mem_buf(signature, -1);
	unsigned char *der = NULL;
	char *name = NULL, *header = NULL;
	long length = 0;

	if (signer)
		*signer = NULL;
	if (bio && PEM_read_bio(bio, &name, &header, &der, &length))
		verdict = cms_verify_content(der, (size_t)length, (const __u8 *)content, size, store, signer);
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	BIO_free(bio);
	ERR_clear_error();
	return verdict;
}

/* The content and the signature in PEM as one string; NULL: no memory. */
static char *join(const char *content, size_t size, const __u8 *der, size_t der_size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL, *pem;
	long length;

	if (bio && PEM_write_bio(bio, "CMS", "", der, (long)der_size) > 0) {
		length = BIO_get_mem_data(bio, &pem);
		text = malloc(size + (size_t)length + 1);
		if (text) {
			memcpy(text, content, size);
			memcpy(text + size, pem, (size_t)length);
			text[size + (size_t)length] = '\0';
		}
	}
	BIO_free(bio);
	ERR_clear_error();
	return text;
}

int signed_text_sign(const char *content, const struct signer *signer, char **text)
{
	size_t size = strlen(content), der_size;
	__u8 der[DIGSIG_CMS_MAX];
	int err;

	if (!size || content[size - 1] != '\n' || strstr(content, SIGNED_TEXT_MARK))
		return -EINVAL;
	err = cms_sign_content(signer, (const __u8 *)content, size, der, &der_size);
	if (err)
		return err;
	*text = join(content, size, der, der_size);
	return *text ? 0 : -ENOMEM;
}
