/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trust: the set of X.509 certificates (RFC 5280) whose keys may vouch for code. It is given
 * as files, each holding one or more PEM certificates or one DER certificate, or as directories,
 * of which every *.pem, *.crt, *.cer and *.der is read.
 */
#ifndef DIGSIG_TRUST_STORE_H
#define DIGSIG_TRUST_STORE_H

#include <stddef.h>
#include <openssl/x509.h>

struct trust_store;

/* Returns an empty store in *store, to be freed with trust_store_free; -ENOMEM. */
int trust_store_new(struct trust_store **store);
void trust_store_free(struct trust_store *store);

/*
 * Adds what path holds; a certificate that is already there is not added twice. -ENOENT and the
 * other errors of open(2); -EBADMSG: a file that holds no certificate (*bad_file, if given, then
 * points to its name, until the next call); -ENODATA: a directory without one. After an error the
 * store is as it was.
 */
int trust_store_add(struct trust_store *store, const char *path, const char **bad_file);

/* Adds a certificate, which stays the caller's too. 0; -ENOMEM. */
int trust_store_add_certificate(struct trust_store *store, X509 *certificate);
/* Adds the certificates of a file that is in memory. -EBADMSG: it has none; -ENOMEM. */
int trust_store_add_bytes(struct trust_store *store, const void *bytes, size_t size);

size_t trust_store_count(const struct trust_store *store);

/* The certificate at index, owned by the store. */
X509 *trust_store_certificate(const struct trust_store *store, size_t index);

/* What is wrong with path, or bad_file in it, and what to do, after trust_store_add gave err. */
void trust_store_describe(
	const char *path, const char *bad_file, int err, char *text, size_t size);

#endif
