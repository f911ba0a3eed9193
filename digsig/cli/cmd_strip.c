// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "../file/sign.h"
#include "../../lib/text/text.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "rewrite.h"
#include "tree.h"

static const char help[] =
	"usage: digsig strip [OPTION...] FILE...\n"
	"       digsig strip -r [OPTION...] DIR...\n"
	"Gives signed files back as they were before, byte for byte. The signature need not be\n"
	"good, but the block must lead back to a file that signing turns into this one.\n\n"
	"  --break-links  strip also what has other hard links, which keep the signed file\n"
	"  -q, --quiet    print only errors\n"
	"  -h, --help     show this\n\n"
	TREE_HELP
	"  --dry-run              name what would be stripped, and change nothing\n\n"
	"With -r, hard links are stripped once if all names of a file are below DIR. Exit code: 70 if\n"
	"a file could not be rewritten, else 1: could not be read, else 68: a malformed block.\n";

enum { OPTION_BREAK_LINKS = 256 };

static const struct option long_options[] = {
	{ "break-links", no_argument, NULL, OPTION_BREAK_LINKS },
	{ "dry-run", no_argument, NULL, TREE_OPTION_DRY_RUN },
	TREE_LONG_OPTIONS,
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct stripping {
	struct strip_options options;
	struct tree_options tree;
	bool wants_help;
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
	options.replacement.sync = means->sync;
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
		.waits_for_disk = true,
		.exit_codes = exit_codes,
	};

	return tree_run(&stripping->tree, &job, roots, count);
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
			print_safely(stdout, paths[i]);
			puts(": stripped");
		}
	}
	return code;
}

static int parse(struct stripping *stripping, int argc, char **argv)
{
	int option, code = EXIT_OK;

	while (!code && !stripping->wants_help &&
		(option = getopt_long(argc, argv, TREE_LETTERS "qh", long_options, NULL)) != -1) {
		switch (option) {
		case OPTION_BREAK_LINKS:
			stripping->options.replacement.break_links = true;
			break;
		case 'q':
			stripping->tree.is_quiet = true;
			break;
		case 'h':
			stripping->wants_help = true;
			break;
		default:
			code = tree_option_take(&stripping->tree, "strip", option, optarg);
		}
	}
	if (code || stripping->wants_help)
		return code;
	if (optind == argc)
		return usage_error("strip", "no file");
	return tree_options_check(&stripping->tree, "strip");
}

int cmd_strip(int argc, char **argv)
{
	struct stripping stripping = {
		.options = { .is_cancelled = &interrupted, .progress = &progress_of_file } };
	int code = parse(&stripping, argc, argv);

	if (!code && stripping.wants_help) {
		fputs(help, stdout);
	} else if (!code) {
		interrupt_catch();
		code = stripping.tree.is_recursive
			? strip_trees(&stripping, argv + optind, argc - optind)
			: strip_files(&stripping, argv + optind, argc - optind);
	}
	tree_options_free(&stripping.tree);
	interrupt_obey();
	return code;
}
