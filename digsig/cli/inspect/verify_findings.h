/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What digsig verify finds out about a file, and how it says it. */
#ifndef DIGSIG_CLI_VERIFY_FINDINGS_H
#define DIGSIG_CLI_VERIFY_FINDINGS_H

#include "../../catalog/detached.h"
#include "../authority.h"
#include "../tree/tree.h"

/* A file's judgement, and what else made it so. All zero before. */
struct findings {
	struct file_judgement judgement;
	bool is_catalogued;
	struct detached_finding detached;
};

/*
 * Judges the open file by its own block, catalogs, FILE.digsig and what is revoked. 0, whatever the
 * verdict; a negative errno: it could not be judged.
 */
int findings_make(int fd, const char *path, const struct authority *authority,
	const struct file_progress *progress, struct findings *findings);

/* A line for people; wordy: with the dates of the signer's certificate. */
void findings_print(const char *path, const struct findings *findings, bool is_wordy);

/* The same as a finding of tree.h. */
void findings_to_tree(const struct findings *findings, struct tree_finding *finding);

#endif
