/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges one file: is every byte what a trusted key signed, and if not, why. */
#ifndef DIGSIG_FILE_VERIFY_H
#define DIGSIG_FILE_VERIFY_H

#include <stdbool.h>
#include "../trust/store.h"
#include "block_io.h"
#include "progress.h"

/* What exactly a verdict other than OK comes from. */
enum file_flaw {
	FILE_FLAW_NONE,
	FILE_FLAW_UNSIGNED,
	FILE_FLAW_CUT_SHORT, /* unsigned, and its ELF headers name parts past its end */
	FILE_FLAW_MOVED, /* unsigned at its end, yet there is a section .digsig */
	FILE_FLAW_DEFECT, /* the block's: see block.defect */
	FILE_FLAW_REWRITTEN, /* malformed, as a program that rewrites ELF files leaves it */
	FILE_FLAW_CMS, /* not the CMS that a block holds */
	FILE_FLAW_KEY_ID, /* manifest and CMS name different keys */
	FILE_FLAW_SIGNATURE,
	FILE_FLAW_KEY, /* not in the trust */
	FILE_FLAW_HASH,
	FILE_FLAW_SECTION, /* .digsig is not where a signed file has it */
};

/* As whose, and as what, a file was signed: by its block, or by the catalog that has it. */
struct signed_as {
	__u8 key_id[DIGSIG_KEY_ID_SIZE];
	__u8 identity[DIGSIG_IDENTITY_SIZE]; /* padded with zeros */
	__u64 epoch;
};

struct file_judgement {
	enum digsig_verdict verdict; /* NONE: no trust was given, and nothing else is wrong */
	enum file_flaw flaw;
	X509 *signer; /* owned by the store; NULL: not known */
	bool is_hashed; /* digest is set */
	__u8 digest[DIGSIG_DIGEST_SIZE]; /* SHA-256 of the whole file */
	struct signature_block block;
	struct signed_as signed_as; /* of a file that is OK */
};

enum { FILE_JUDGE_ALWAYS_HASH = 1 }; /* also when the signature is already found bad */

/*
 * Judges the regular file fd in one pass. Without a store (NULL) everything but the signature is
 * checked. Returns 0 with a verdict; or a negative errno when the file could not be read, with
 * the verdict FAULT; -EINVAL: not a regular file.
 */
int file_judge(int fd, const struct trust_store *store, unsigned int flags,
	struct file_judgement *judgement);

/* file_judge for someone who waits: progress is told how much of the file is hashed. */
int file_judge_watched(int fd, const struct trust_store *store, unsigned int flags,
	const struct file_progress *progress, struct file_judgement *judgement);

/* The same for any source, which a name does not lead to: a file that is in memory. */
int source_judge(const struct elf_source *source, const struct trust_store *store,
	unsigned int flags, const struct file_progress *progress,
	struct file_judgement *judgement);

/* Why the verdict is what it is: one sentence, put into text of size bytes. */
void file_judgement_describe(const struct file_judgement *judgement, char *text, size_t size);

#endif
