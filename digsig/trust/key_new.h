/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a signing key and its certificate. */
#ifndef DIGSIG_TRUST_KEY_NEW_H
#define DIGSIG_TRUST_KEY_NEW_H

#include <stdbool.h>
#include "signer.h"

enum key_algorithm {
	KEY_RSA3072, /* verifies on every kernel */
	KEY_RSA4096,
	KEY_ECDSA_P256, /* needs a kernel with CONFIG_CRYPTO_ECDSA */
};

struct key_request {
	enum key_algorithm algorithm;
	const char *key_path; /* made with mode 0600 */
	const char *certificate_path; /* made with mode 0644 */
	const char *subject; /* "CN=..., O=..."; text without "=" is a common name */
	int days; /* that the certificate is valid, from now */
	const char *passphrase; /* NULL: the key is not encrypted */
	bool is_authority; /* a CA's: for certificates, not for code */
	const struct signer *issuer; /* the CA that issues the certificate; NULL: it is self-signed */
	bool replace; /* whether existing files may be overwritten */
};

/*
 * Makes both files, or neither: after an error the old ones are still there. The key is PKCS#8
 * PEM, encrypted with AES-256 when there is a passphrase; the certificate is X.509 v3 PEM. -EEXIST: a
 * file is there already; -EINVAL: the subject cannot be understood; -EIO: OpenSSL failed; else the
 * errors of certificate_issue, open(2) and rename(2).
 */
int key_new(const struct key_request *request);

#endif
