// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "../../../lib/command/interrupt.h"
#include "../../file/sign.h"
#include "../cli.h"
#include "../file_progress.h"
#include "../rewrite.h"
#include "../tree/tree.h"

struct stripping {
	struct strip_options options;
	struct tree_options tree;
};

static void strip_one(void *context, const struct tree_file *file,
	const struct tree_means *means, struct tree_finding *finding)
{
	const struct stripping *stripping = context;
	struct strip_options options = stripping->options;
	char **others = calloc(file->name_count, sizeof(*others));
	struct file_problem problem = { 0 };

	if (!others) {
		file_problem_set(&problem, FILE_PROBLEM_CREATE, -ENOMEM);
		tree_find_problem(finding, &problem);
		return;
	}
	for (size_t i = 1; i < file->name_count; i++)
		others[i - 1] = file->names[i].path;
	options.progress = means->progress;
	options.replacement.group = means->group;
	options.replacement.owner = means->owner;
	options.is_dry_run = stripping->tree.is_dry_run;
	options.replacement.other_names = others;
	options.replacement.other_count = file->name_count - 1;
	options.replacement.inode = file->names->inode;
	options.replacement.device = file->names->device;
	if (file_strip(file->names->path, &options, &problem)) {
		if (problem.kind == FILE_PROBLEM_UNSIGNED)
			finding->outcome = TREE_ALREADY;
		else
			tree_find_problem(finding, &problem);
	} else if (means->group) {
		finding->outcome = TREE_LATER;
	}
	free(others);
}

static int strip_trees(struct stripping *stripping, char **roots, int count)
{
	static const struct tree_words words = {
		.for_people = { "stripped", "not signed", NULL, "failed" },
		.for_programs = { "stripped", "not_signed", NULL, "failed" },
		.work = "stripping",
	}, dry_words = {
		.for_people = { "would be stripped", "not signed", NULL, "would fail" },
		.for_programs = { "would_strip", "not_signed", NULL, "failed" },
		.work = "looking",
	};
	static const int exit_codes[] = { EXIT_REWRITE_FAILED, EXIT_ERROR, EXIT_UNSUPPORTED, 0 };
	const struct tree_job job = {
		.words = stripping->tree.is_dry_run ? &dry_words : &words,
		.work = strip_one,
		.context = stripping,
		.replaces = true,
		.exit_codes = exit_codes,
	};

	int code = stripping->options.replacement.inside_links_only
		? refuse_outside_links(roots, count)
		: EXIT_OK;

	return code ? code : tree_run(&stripping->tree, &job, roots, count);
}

static int strip_files(const struct stripping *stripping, char **paths, int count)
{
	bool quiet = stripping->tree.is_quiet;
	int code = EXIT_OK;

	progress_allow(!quiet);
	for (int i = 0; i < count && !interrupted; i++) {
		struct file_problem problem;
		int err;

		progress_begin(paths[i], PROGRESS_BYTES);
		err = file_strip(paths[i], &stripping->options, &problem);
		progress_end();
		if (err) {
			int failed = complain_rewrite(paths[i], &problem);

			code = code ? code : failed;
		} else if (!quiet) {
			print_rewritten(paths[i], true, "stripped");
		}
	}
	return code;
}

static int strip(struct stripping *stripping, char **paths, int count)
{
	int code = tree_options_check(&stripping->tree);

	if (code)
		return code;
	interrupt_catch();
	return stripping->tree.is_recursive ? strip_trees(stripping, paths, count)
					    : strip_files(stripping, paths, count);
}

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "break-links", NULL,
		"strip also what has other hard links, which keep the signed file",
		OPTION_FIELD(struct stripping, options.replacement.break_links) },
	{ OPTION_UNSET, 0, "allow-outside-links", NULL,
		"follow also a symbolic link that leads out of its folder",
		OPTION_FIELD(struct stripping, options.replacement.inside_links_only) },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print only errors",
		OPTION_FIELD(struct stripping, tree.is_quiet) },
	{ OPTION_GROUP, .help = TREE_TITLE, OPTION_FIELD(struct stripping, tree),
		.group = tree_option_table },
	TREE_DRY_RUN(struct stripping, tree, "name what would be stripped, and change nothing"),
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct stripping stripping = {
		.options = { .replacement.inside_links_only = true, .is_cancelled = &interrupted, .progress = &progress_of_file } };
	int code;

	if (options_take(command, &argc, &argv, &stripping, &code))
		code = strip(&stripping, argv, argc);
	tree_options_free(&stripping.tree);
	interrupt_obey();
	return code;
}

const struct command strip_command = {
	.name = "strip",
	.summary = "take the signature block out again",
	.usage = "[OPTION...] FILE...\n-r [OPTION...] DIR...",
	.about = "Gives signed files back as they were before, byte for byte. The signature need not be\n"
		 "good, but the block must lead back to a file that signing turns into this one.\n",
	.options = options,
	.notes = "With -r, hard links are stripped once if all names of a file are below DIR. Exit code: 70 if\n"
		 "a file could not be rewritten, else 1: could not be read, else 68: a malformed block.\n",
	.run = run,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
