/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys in GnuPG. gpg reads keyrings and OpenPGP files, gpg-agent signs: it asks for the passphrase
 * or for a card's PIN itself, and the key never leaves it.
 */
#ifndef DIGSIG_TRUST_GPG_H
#define DIGSIG_TRUST_GPG_H

#include <stdbool.h>
#include "signer.h"

#define GPG_GRIP_SIZE 40

/* A key or subkey that can sign, RSA of 2048 bits or more, or ECDSA on NIST P-256. */
struct gpg_key {
	EVP_PKEY *key; /* public; NULL: none was found */
	char grip[GPG_GRIP_SIZE + 1]; /* gpg-agent's name of it */
	char user[65]; /* the first user id, or the fingerprint where that is no common name */
};

enum gpg_problem {
	GPG_PROBLEM_NONE,
	GPG_PROBLEM_NO_GPG, /* gpg cannot be run */
	GPG_PROBLEM_NO_KEY, /* gpg knows no such key, or the file is none */
	GPG_PROBLEM_SEVERAL, /* more than one primary key */
	GPG_PROBLEM_ALGORITHM, /* only keys of other kinds, as ed25519 */
	GPG_PROBLEM_UNUSABLE, /* expired, revoked, or not for signing */
};

/*
 * Reads the key that signs from a file of OpenPGP public keys, armored or not: the newest signing
 * subkey, else the primary key. 0 with key->key to be freed; else a negative errno and *problem.
 */
int gpg_key_read(const char *path, struct gpg_key *key, enum gpg_problem *problem);

/*
 * Has gpg-agent sign a digest: as sign_digest of struct signer. passphrase NULL: it asks itself.
 */
int gpg_sign_digest(const char *grip, const char *passphrase,
	const __u8 digest[DIGSIG_DIGEST_SIZE], __u8 *signature, size_t *size);

/*
 * A signer with one of the user's secret keys: the one whose certificate this is. passphrase is
 * copied; NULL: gpg-agent asks. Errors as for signer_load, with *gpg_problem where *problem is
 * SIGNER_PROBLEM_KEY_ABSENT.
 */
int gpg_signer_load(struct signer **signer, const char *user, const char *certificate_path,
	const char *passphrase, enum signer_problem *problem, enum gpg_problem *gpg_problem);

/* What is wrong and what to do, in words. A static string. */
const char *gpg_problem_meaning(enum gpg_problem problem);

#endif
