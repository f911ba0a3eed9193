/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run over a tree found: told as it comes, and summed up by reason. */
#ifndef DIGSIG_CLI_TREE_REPORT_H
#define DIGSIG_CLI_TREE_REPORT_H

#include "tree.h"

/* Findings with the same words. */
struct tree_reason {
	enum tree_outcome outcome;
	const char *word;
	char *text;
	__u64 count;
};

/* All zero but for the first two before its first use. */
struct tree_report {
	const struct tree_options *options;
	const struct tree_job *job;
	__u64 counts[TREE_OUTCOMES];
	struct tree_reason *reasons;
	size_t reason_count;
	int exit_code;
	bool is_out_of_memory;
};

/* Whether a finding is worth more than to be counted. */
bool tree_report_wants(const struct tree_report *report, const struct tree_finding *finding);

/* Says what became of a file, unless it was plainly well, and counts it. */
void tree_report_add(
	struct tree_report *report, const char *path, const struct tree_finding *finding);

/* A finding as a line of JSON. */
void tree_finding_print_json(
	const struct tree_words *words, const char *path, const struct tree_finding *finding);

/* The summary; left: how many files an interrupt left over. */
void tree_report_end(
	struct tree_report *report, const struct tree_files *files, bool is_interrupted, __u64 left);
/* Frees the reasons; the options and the job are the caller's. */
void tree_report_free(struct tree_report *report);

#endif
