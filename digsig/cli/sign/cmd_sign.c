// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../catalog/detached.h"
#include "../../file/output.h"
#include "../../../lib/command/interrupt.h"
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "../file_progress.h"
#include "../rewrite.h"
#include "sign_detached.h"
#include "sign_tree.h"
#include "../signer_option.h"

/* Where a file goes: the folder's entry of its own name. */
static int sign_into(int folder, const char *path, struct sign_options *sign_options,
	struct file_problem *problem)
{
	const char *end = strrchr(path, '/');
	struct replacement_name target;
	int err = output_open(folder, end ? end + 1 : path, &target);

	if (err)
		return file_problem_set(problem, FILE_PROBLEM_CREATE, err);
	sign_options->replacement.output = &target;
	err = file_sign(path, sign_options, problem);
	sign_options->replacement.output = NULL;
	close(target.directory);
	return err;
}

/* folder: -1 to sign in place. */
static int sign_files(
	char **paths, int count, int folder, struct sign_options *sign_options, bool quiet)
{
	int code = EXIT_OK;

	for (int i = 0; i < count && !interrupted; i++) {
		struct file_problem problem = { 0 };
		int err;

		progress_begin(paths[i], PROGRESS_BYTES);
		err = folder < 0 ? file_sign(paths[i], sign_options, &problem)
				 : sign_into(folder, paths[i], sign_options, &problem);
		progress_end();
		if (err) {
			int failed = complain_rewrite(paths[i], &problem);

			code = code ? code : failed;
		} else if (!quiet) {
			print_rewritten(paths[i], folder < 0, "signed");
		}
	}
	return code;
}

static int sign_named(struct sign_tree_options *options, char **paths, int count)
{
	int folder = -1, code = EXIT_OK;

	if (options->output_folder) {
		folder = open_output_folder(options->output_folder, paths, count, false, &code);
		if (folder < 0)
			return code;
	}
	progress_allow(!options->tree.is_quiet);
	code = sign_files(paths, count, folder, &options->sign, options->tree.is_quiet);
	if (folder >= 0)
		close(folder);
	return code;
}

struct sign_settings {
	struct sign_tree_options signing;
	struct signer_options signer;
	bool is_detached;
};

static const struct command_option options[] = {
	{ OPTION_GROUP, OPTION_FIELD(struct sign_settings, signer), .group = signer_option_table },
	{ OPTION_CALL, 0, "identity", "ID", "what the file is, as in org.example.tool; at most 64 bytes",
		OPTION_FIELD(struct sign_settings, signing.sign.identity),
		.take = identity_option_take },
	{ OPTION_NUMBER, 0, "epoch", "N",
		"counts up with the builds of one identity, against rollback",
		OPTION_FIELD(struct sign_settings, signing.sign.epoch) },
	{ OPTION_FLAG, 0, "wx", NULL, "it may map memory writable and executable (JIT compilers)",
		OPTION_FIELD(struct sign_settings, signing.sign.may_map_wx) },
	{ OPTION_FLAG, 0, "detached", NULL,
		"leave FILE as it is, whatever it is, and write FILE" DETACHED_SUFFIX,
		OPTION_FIELD(struct sign_settings, is_detached) },
	{ OPTION_FLAG, 0, "allow-trailing-data", NULL,
		"sign also what has data behind the ELF file's own parts",
		OPTION_FIELD(struct sign_settings, signing.sign.allow_trailing_data) },
	{ OPTION_FLAG, 0, "break-links", NULL,
		"sign also what has other hard links, which keep the old file",
		OPTION_FIELD(struct sign_settings, signing.sign.replacement.break_links) },
	{ OPTION_UNSET, 0, "allow-outside-links", NULL,
		"follow also a symbolic link that leads out of its folder",
		OPTION_FIELD(struct sign_settings, signing.sign.replacement.inside_links_only) },
	{ OPTION_FLAG, 0, "keep-times", NULL,
		"keep the modification time also of a file whose size stays",
		OPTION_FIELD(struct sign_settings, signing.sign.replacement.keep_times) },
	{ OPTION_FLAG, 0, "force", NULL,
		"sign also what was changed after it was signed; with -r also what is signed already with "
		"the same key and options",
		OPTION_FIELD(struct sign_settings, signing.is_forced) },
	{ OPTION_VALUE, 0, "output-dir", "OUT",
		"put the signed file into the folder OUT, which is made if need be, and leave FILE as it "
		"is; with -r by its path below DIR",
		OPTION_FIELD(struct sign_settings, signing.output_folder), .offer = OFFER_FOLDERS },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print only errors and warnings",
		OPTION_FIELD(struct sign_settings, signing.tree.is_quiet) },
	{ OPTION_GROUP, .help = TREE_TITLE, OPTION_FIELD(struct sign_settings, signing.tree),
		.group = tree_option_table },
	TREE_DRY_RUN(struct sign_settings, signing.tree,
		"name what would be signed, and change nothing"),
	{ 0 },
};

static int check(const struct sign_settings *settings)
{
	const struct sign_tree_options *signing = &settings->signing;
	int code = signer_option_check(&settings->signer);

	if (code)
		return code;
	if (settings->is_detached &&
		(signing->sign.may_map_wx || signing->sign.allow_trailing_data ||
			signing->sign.replacement.break_links || signing->output_folder ||
			signing->tree.is_recursive))
		return usage_error("--detached: --wx, --allow-trailing-data, --break-links, "
				   "--output-dir and -r are for blocks in files");
	return tree_options_check(&signing->tree);
}

static int sign_by(const struct signer *signer, struct sign_settings *settings, char **paths, int count)
{
	struct sign_tree_options *signing = &settings->signing;

	signing->sign.signer = signer;
	interrupt_catch();
	if (settings->is_detached)
		return sign_detached_files(paths, count, &signing->sign, signing->tree.is_quiet);
	if (signing->tree.is_recursive)
		return sign_trees(signing, paths, count);
	return sign_named(signing, paths, count);
}

static int sign(struct sign_settings *settings, char **paths, int count)
{
	struct sign_tree_options *signing = &settings->signing;
	const char *time = getenv("SOURCE_DATE_EPOCH");
	struct signer *signer = NULL;
	int code = check(settings);

	/* A time that is given is part of what is wanted; the present is not. */
	signing->compares_time = time && *time;
	signing->sign.allow_changed = signing->is_forced;
	if (!code)
		code = signing_time_find(&signing->sign.signing_time);
	if (!code)
		code = signer_option_load(&settings->signer, &signer);
	if (code)
		return code;
	code = sign_by(signer, settings, paths, count);
	signer_free(signer);
	interrupt_obey();
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct sign_settings settings = {
		.signing.sign = { .replacement.inside_links_only = true,
			.is_cancelled = &interrupted, .progress = &progress_of_file } };
	int code;

	if (options_take(command, &argc, &argv, &settings, &code))
		code = sign(&settings, argv, argc);
	tree_options_free(&settings.signing.tree);
	return code;
}

const struct command sign_command = {
	.name = "sign",
	.summary = "put a signature block into ELF files",
	.usage = "--key KEY [OPTION...] FILE...\n-r --key KEY [OPTION...] DIR...",
	.about = "Puts a signature block into ELF files; one that is there is replaced. Mode, owner, times,\n"
		 "ACLs, flags and extended attributes stay; the file is replaced at once or not at all.\n",
	.options = options,
	.notes = "With -r, hard links are signed once if all names of a file are below DIR. Exit code: 66 if a\n"
		 "file was changed after it was signed, else 70: one could not be rewritten, else 1: could not\n"
		 "be read, else 68: cannot carry a signature.\n"
		 "SOURCE_DATE_EPOCH in the environment sets the signing time.\n",
	.run = run,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
