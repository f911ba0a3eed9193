/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Revocations as text, a line each:
 *
 *   digest 64-HEX-DIGITS     a file, by the SHA-256 of all its bytes
 *   key 40-HEX-DIGITS        whatever a key signed, by its subject key identifier
 *   below EPOCH IDENTITY     an identity's files of an epoch below a number
 *
 * and in a file of them also "sequence N", which orders signed lists.
 * What follows a # after white space is a remark; lines without anything else are passed over.
 */
#ifndef DIGSIG_REVOCATION_H
#define DIGSIG_REVOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include "../file/verify.h"
#include "../format/policy.h"

#define REVOCATION_LINE_MAX 512

struct revocations {
	struct digsig_revocation *entries; /* owned */
	size_t count;
	__u64 sequence; /* of a signed list, which counts up from list to list; 0: none */
};

/* 0: *entry is filled in; 1: the line says nothing; -EINVAL: it says something else, see wrong. */
int revocation_parse(const char *line, struct digsig_revocation *entry, const char **wrong);

/* The line for it, without a newline; text has room for REVOCATION_LINE_MAX. */
void revocation_print(const struct digsig_revocation *entry, char *text);

/* The three kinds, each from what a person has. False: no identity that a line could hold. */
void revocation_of_digest(const __u8 digest[DIGSIG_DIGEST_SIZE], struct digsig_revocation *entry);
void revocation_of_key(const __u8 key_id[DIGSIG_KEY_ID_SIZE], struct digsig_revocation *entry);
/* epoch is the lowest that is not revoked. */
bool revocation_below(const char *identity, __u64 epoch, struct digsig_revocation *entry);

/* Takes one in, unless it is there or adds nothing. 1: it is new; 0; -ENOMEM; -ENOSPC. */
int revocations_add(struct revocations *list, const struct digsig_revocation *entry);
/* Frees the entries; the structure is the caller's. */
void revocations_free(struct revocations *list);

/*
 * What is left of an OK, as in the kernel: by the file's digest, and by whose key and as what it, or
 * the catalog that has it, was signed. The verdict becomes REVOKED or, because of its epoch, ROLLBACK;
 * another one than OK stays.
 */
void revocations_judge(const struct revocations *list, struct file_judgement *judgement);

#endif
