/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a file could not be signed or stripped. */
#ifndef DIGSIG_FILE_PROBLEM_H
#define DIGSIG_FILE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include "../elf/refusal.h"
#include "../format/block.h"

enum file_problem_kind {
	FILE_PROBLEM_NONE,
	FILE_PROBLEM_OPEN, /* errno says why */
	FILE_PROBLEM_READ, /* errno says why */
	FILE_PROBLEM_NOT_REGULAR,
	FILE_PROBLEM_REFUSED, /* see refusal */
	FILE_PROBLEM_BLOCK, /* a malformed signature block is there: see defect */
	FILE_PROBLEM_TAMPERED, /* its bytes are not those that were signed, by whichever key */
	FILE_PROBLEM_NOT_RESTORABLE, /* the block does not lead back to the original */
	FILE_PROBLEM_UNSIGNED, /* nothing to strip */
	FILE_PROBLEM_HARD_LINKS,
	FILE_PROBLEM_OUTSIDE_LINK, /* a symbolic link that leads out of its folder */
	FILE_PROBLEM_IMMUTABLE, /* chattr +i or +a */
	FILE_PROBLEM_SIGNER, /* the key failed to sign: errno, see struct signer */
	FILE_PROBLEM_OTHER_CONTENT, /* the signature is over another file, or what this was */
	FILE_PROBLEM_CHANGED, /* by someone else, while it was read */
	FILE_PROBLEM_CREATE, /* no temporary file beside it: errno says why */
	FILE_PROBLEM_WRITE, /* errno says why */
	FILE_PROBLEM_ATTRIBUTES, /* owner, mode, ACL or xattrs could not be kept: errno */
	FILE_PROBLEM_RENAME, /* errno says why */
	FILE_PROBLEM_CANCELLED,
};

struct file_problem {
	enum file_problem_kind kind;
	enum elf_refusal refusal;
	enum digsig_defect defect;
	bool is_left_over; /* of BLOCK: another program rewrote the file, see block_io.h */
	int error; /* a positive errno, or 0 */
	unsigned long links, names; /* of HARD_LINKS: all there are, and how many were given */
};

/* What is wrong and what to do, to stand behind "FILE: ", put into text of size bytes. */
void file_problem_describe(const struct file_problem *problem, char *text, size_t size);

/* Notes a problem; returns error, a negative errno, for the caller to return. */
int file_problem_set(struct file_problem *problem, enum file_problem_kind kind, int error);

#endif
