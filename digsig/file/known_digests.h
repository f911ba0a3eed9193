/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Digests that are trusted by themselves, whatever stands in the file: scripts, kernel modules and
 * firmware cannot carry a signature block. Where they come from, a signed catalog for instance, is
 * their owner's business.
 */
#ifndef DIGSIG_FILE_KNOWN_DIGESTS_H
#define DIGSIG_FILE_KNOWN_DIGESTS_H

#include "verify.h"

struct known_digests {
	/*
	 * Called from several threads at once. digest: SHA-256 of a whole file. If it is known,
	 * *signed_as says by whom.
	 */
	bool (*contains)(const void *context, const __u8 digest[DIGSIG_DIGEST_SIZE],
		struct signed_as *signed_as);
	const void *context;
};

/*
 * file_judge, and then: what is not OK by its block is OK if its digest is known, and what is known is
 * signed as that says, whatever stands in its block: so it is in the kernel. known may be NULL; an
 * unsigned file is then not hashed. Errors as for file_judge.
 */
int file_judge_known(int fd, const struct trust_store *store, const struct known_digests *known,
	const struct file_progress *progress, struct file_judgement *judgement);

#endif
