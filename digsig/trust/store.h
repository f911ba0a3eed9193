/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trust: the set of X.509 certificates (RFC 5280) whose keys may vouch for code. It is given
 * as files, each holding one or more PEM certificates or one DER certificate, or as directories,
 * of which every *.pem, *.crt, *.cer and *.der is read.
 *
 * Certificates are trusted because they were put there, until one of them is a CA (see chain.h). From
 * then on what somebody else issued is trusted if a CA in the store issued it, and left out if not;
 * what is self-signed still stands for itself. A CA's own key vouches for certificates alone.
 */
#ifndef DIGSIG_TRUST_STORE_H
#define DIGSIG_TRUST_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/x509.h>

struct trust_store;

/* Returns an empty store in *store, to be freed with trust_store_free; -ENOMEM. */
int trust_store_new(struct trust_store **store);
/* Frees it with its certificates; NULL: does nothing. */
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

/* Those whose keys may vouch for code. */
size_t trust_store_count(const struct trust_store *store);

/* The certificate at index, owned by the store. */
X509 *trust_store_certificate(const struct trust_store *store, size_t index);

/* Whether it is there because a CA issued it. */
bool trust_store_is_issued(const struct trust_store *store, size_t index);

/* The CAs, owned by the store; NULL: no such index. */
X509 *trust_store_authority(const struct trust_store *store, size_t index);

/*
 * Whether certificates that are expired, or not valid yet, are left out, and with a CA what it issued.
 * They are not, by default. -ENOMEM.
 */
int trust_store_refuse_expired(struct trust_store *store, bool refuse);

/* What was added and is not trusted, and why, in words; owned by the store. NULL: no such index. */
X509 *trust_store_left_out(const struct trust_store *store, size_t index, const char **why);

/* What is wrong with path, or bad_file in it, and what to do, after trust_store_add gave err. */
void trust_store_describe(
	const char *path, const char *bad_file, int err, char *text, size_t size);

#endif
