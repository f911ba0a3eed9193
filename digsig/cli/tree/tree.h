/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A subcommand on every ELF file of a tree: in parallel, with one progress bar and a summary. */
#ifndef DIGSIG_CLI_TREE_H
#define DIGSIG_CLI_TREE_H

#include "../../file/problem.h"
#include "../../file/progress.h"
#include "../../file/replacement_group.h"
#include "../../trust/store.h"
#include "../../tree/collect.h"
#include "tree_option.h"

enum tree_outcome {
	TREE_DONE, /* what the subcommand is for */
	TREE_ALREADY, /* there is nothing to do */
	TREE_UNSUPPORTED, /* cannot carry a signature */
	TREE_FAILED,
	TREE_OUTCOMES,
	TREE_GONE, /* it vanished, or the work was cancelled: not counted */
	TREE_LATER, /* it was left to the group, which says what becomes of it */
};

/* What became of one file. All zero: it is done. */
struct tree_finding {
	enum tree_outcome outcome;
	int exit_code; /* if not well */
	const char *reason; /* a word for programs, static; NULL: none */
	char text[512]; /* the same for people, behind "FILE: " */
	const X509 *signer; /* whose certificate it is about; NULL: nobody's */
};

/* How the summary calls the outcomes. */
struct tree_words {
	const char *for_people[TREE_OUTCOMES]; /* NULL: does not happen */
	const char *for_programs[TREE_OUTCOMES];
	const char *work; /* for the progress bar: "signing" */
	bool are_findings_output; /* a verdict belongs to the output, other findings are errors */
};

/* What the work on one file is given. */
struct tree_means {
	const struct file_progress *progress;
	/* For replacement_options; NULL: there is none. The outcome is then TREE_LATER, if it is well. */
	struct replacement_group *group;
	const void *owner;
};

struct tree_job {
	const struct tree_words *words;
	ino_t output_inode; /* as in collect.h */
	dev_t output_device;
	/* Called once before the work, in the caller's thread: an exit code, having complained. */
	int (*prepare)(void *context, const struct tree_files *files); /* NULL: nothing */
	/* Called for each file, in several threads at once; finding is all zero. */
	void (*work)(void *context, const struct tree_file *file, const struct tree_means *means,
		struct tree_finding *finding);
	void *context;
	bool leave_out_debug; /* as in collect.h */
	bool replaces; /* files, which are brought to the disk many at a time */
	/* Which of several exit codes outweighs which, the heaviest first; ends with 0. */
	const int *exit_codes;
};

/*
 * Does the job for what is below the roots, and says what became of it. Returns the exit code. The
 * caller caught interrupts, and obeys them afterwards.
 */
int tree_run(const struct tree_options *options, const struct tree_job *job, char **roots,
	int root_count);

/* Fills the finding from what file_sign and its likes say. */
void tree_find_problem(struct tree_finding *finding, const struct file_problem *problem);

#endif
