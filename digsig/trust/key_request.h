/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose certificate is wanted: a certification request, or a certificate that there is already. */
#ifndef DIGSIG_TRUST_KEY_REQUEST_H
#define DIGSIG_TRUST_KEY_REQUEST_H

#include <stddef.h>
#include <openssl/x509.h>

struct wanted_certificate {
	EVP_PKEY *key; /* public */
	X509_NAME *subject;
};

/*
 * Reads a PKCS#10 request (RFC 2986) or an X.509 certificate, in PEM or DER form. -EBADMSG: the file
 * is neither; -EPERM: the request is not signed by its own key, so that whoever made it need not have
 * it; -EKEYREJECTED: not a key that could sign here; -EFBIG, -ENOMEM, and the errors of open(2) and
 * read(2). Nothing has to be freed then.
 */
int wanted_certificate_read(const char *path, struct wanted_certificate *wanted);
/* The same from memory. */
int wanted_certificate_parse(
	const unsigned char *bytes, size_t size, struct wanted_certificate *wanted);
/* Frees the key and the subject, and clears both. */
void wanted_certificate_free(struct wanted_certificate *wanted);

#endif
