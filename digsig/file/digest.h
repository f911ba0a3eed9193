/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 by OpenSSL, with its chaining value. */
#ifndef DIGSIG_FILE_DIGEST_H
#define DIGSIG_FILE_DIGEST_H

/*
 * The low-level functions, deprecated since OpenSSL 3.0, on purpose: they leave the eight state
 * words in ctx.h after every 64 bytes, and EVP has no way to ask for them.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <stddef.h>
#include "../format/block.h"

struct digest {
	SHA256_CTX context;
};

/* Begins with no bytes. */
void digest_init(struct digest *digest);
/* Takes in size more bytes. */
void digest_update(struct digest *digest, const void *bytes, size_t size);
/* The SHA-256 of all bytes that were taken in, padding included. */
void digest_final(struct digest *digest, __u8 out[DIGSIG_DIGEST_SIZE]);

/* The state words after a multiple of 64 bytes, as a manifest holds them (little endian). */
void digest_chaining_value(const struct digest *digest, __u32 out[8]);

#endif
