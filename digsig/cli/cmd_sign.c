// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../catalog/detached.h"
#include "../file/output.h"
#include "../../lib/text/text.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "rewrite.h"
#include "sign_detached.h"
#include "sign_tree.h"
#include "signer_option.h"

static const char help[] =
	"usage: digsig sign --key KEY [OPTION...] FILE...\n"
	"       digsig sign -r --key KEY [OPTION...] DIR...\n"
	"Puts a signature block into ELF files; one that is there is replaced. Mode, owner, times,\n"
	"ACLs and extended attributes stay; the file is replaced at once or not at all.\n\n"
	"  --key KEY              the private key, PEM; or pkcs11:URI, in a token\n"
	"  --cert CERT            its certificate (default: KEY with .crt in place of .key; the\n"
	"                         one on the token)\n"
	"  --gpg USER             sign by gpg-agent, with the user's key that --cert is of\n"
	"  --passphrase-file F    the key's passphrase is the first line of F (default: ask)\n"
	"  --identity ID          what the file is, as in org.example.tool; at most 64 bytes\n"
	"  --epoch N              counts up with the builds of one identity, against rollback\n"
	"  --wx                   it may map memory writable and executable (JIT compilers)\n"
	"  --detached             leave FILE as it is, whatever it is, and write FILE" DETACHED_SUFFIX "\n"
	"  --allow-trailing-data  sign also what has data behind the ELF file's own parts\n"
	"  --break-links          sign also what has other hard links, which keep the old file\n"
	"  --output-dir OUT       put the signed file into the folder OUT, which is made if need be,\n"
	"                         and leave FILE as it is; with -r by its path below DIR\n"
	"  -q, --quiet            print only errors and warnings\n"
	"  -h, --help             show this\n\n"
	TREE_HELP
	"  --dry-run              name what would be signed, and change nothing\n"
	"  --force                sign also what is signed already with the same key and options,\n"
	"                         and what was changed since it was signed\n\n"
	"With -r, hard links are signed once if all names of a file are below DIR. Exit code: 66 if a\n"
	"file was changed since it was signed, else 70: one could not be rewritten, else 1: could not\n"
	"be read, else 68: cannot carry a signature.\n"
	"SOURCE_DATE_EPOCH in the environment sets the signing time.\n";

enum { OPTION_KEY = 256, OPTION_GPG, OPTION_CERT, OPTION_PASSPHRASE_FILE, OPTION_IDENTITY,
	OPTION_EPOCH, OPTION_WX, OPTION_DETACHED, OPTION_ALLOW_TRAILING_DATA, OPTION_BREAK_LINKS,
	OPTION_OUTPUT_DIR, OPTION_FORCE };

static const struct option long_options[] = {
	{ "key", required_argument, NULL, OPTION_KEY },
	{ "gpg", required_argument, NULL, OPTION_GPG },
	{ "cert", required_argument, NULL, OPTION_CERT },
	{ "passphrase-file", required_argument, NULL, OPTION_PASSPHRASE_FILE },
	{ "identity", required_argument, NULL, OPTION_IDENTITY },
	{ "epoch", required_argument, NULL, OPTION_EPOCH },
	{ "wx", no_argument, NULL, OPTION_WX },
	{ "detached", no_argument, NULL, OPTION_DETACHED },
	{ "allow-trailing-data", no_argument, NULL, OPTION_ALLOW_TRAILING_DATA },
	{ "break-links", no_argument, NULL, OPTION_BREAK_LINKS },
	{ "output-dir", required_argument, NULL, OPTION_OUTPUT_DIR },
	{ "dry-run", no_argument, NULL, TREE_OPTION_DRY_RUN },
	{ "force", no_argument, NULL, OPTION_FORCE },
	TREE_LONG_OPTIONS,
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

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
			print_safely(stdout, paths[i]);
			puts(": signed");
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

/* What is not about the files themselves. */
struct sign_command {
	struct signer_options signer;
	bool is_detached, wants_help;
};

static int parse(
	struct sign_tree_options *signing, struct sign_command *command, int argc, char **argv)
{
	int option, code = EXIT_OK;

	while (!code && !command->wants_help &&
		(option = getopt_long(argc, argv, TREE_LETTERS "qh", long_options, NULL)) != -1) {
		switch (option) {
		case OPTION_KEY:
			command->signer.key = optarg;
			break;
		case OPTION_GPG:
			command->signer.user = optarg;
			break;
		case OPTION_CERT:
			command->signer.certificate = optarg;
			break;
		case OPTION_PASSPHRASE_FILE:
			command->signer.passphrase_file = optarg;
			break;
		case OPTION_IDENTITY:
			if (!identity_is_valid(optarg))
				return usage_error("sign", "--identity: not 1 to 64 bytes of UTF-8 "
							   "without control characters");
			signing->sign.identity = optarg;
			break;
		case OPTION_EPOCH:
			if (parse_decimal(optarg, &signing->sign.epoch))
				return usage_error("sign", "%s: not an epoch, a number", optarg);
			break;
		case OPTION_WX:
			signing->sign.may_map_wx = true;
			break;
		case OPTION_DETACHED:
			command->is_detached = true;
			break;
		case OPTION_ALLOW_TRAILING_DATA:
			signing->sign.allow_trailing_data = true;
			break;
		case OPTION_BREAK_LINKS:
			signing->sign.replacement.break_links = true;
			break;
		case 'q':
			signing->tree.is_quiet = true;
			break;
		case 'h':
			command->wants_help = true;
			break;
		case OPTION_OUTPUT_DIR:
			signing->output_folder = optarg;
			break;
		case OPTION_FORCE:
			signing->is_forced = true;
			signing->tree.needs_recursive = "--force";
			break;
		default:
			code = tree_option_take(&signing->tree, "sign", option, optarg);
		}
	}
	if (code || command->wants_help)
		return code;
	code = signer_option_check("sign", &command->signer);
	if (code)
		return code;
	if (optind == argc)
		return usage_error("sign", "no file");
	if (command->is_detached &&
		(signing->sign.may_map_wx || signing->sign.allow_trailing_data ||
			signing->sign.replacement.break_links || signing->output_folder ||
			signing->tree.is_recursive))
		return usage_error("sign", "--detached: --wx, --allow-trailing-data, --break-links, "
					   "--output-dir and -r are for blocks in files");
	return tree_options_check(&signing->tree, "sign");
}

static int sign(struct sign_tree_options *signing, const struct sign_command *command, char **paths,
	int count)
{
	const char *time = getenv("SOURCE_DATE_EPOCH");
	struct signer *signer = NULL;
	int code = signing_time_find(&signing->sign.signing_time);

	/* A time that is given is part of what is wanted; the present is not. */
	signing->compares_time = time && *time;
	if (!code)
		code = signer_option_load("sign", &command->signer, &signer);
	if (code)
		return code;
	signing->sign.signer = signer;
	interrupt_catch();
	if (command->is_detached)
		code = sign_detached_files(
			paths, count, &signing->sign, signing->tree.is_quiet);
	else if (signing->tree.is_recursive)
		code = sign_trees(signing, paths, count);
	else
		code = sign_named(signing, paths, count);
	signer_free(signer);
	interrupt_obey();
	return code;
}

int cmd_sign(int argc, char **argv)
{
	struct sign_tree_options signing = {
		.sign = { .is_cancelled = &interrupted, .progress = &progress_of_file } };
	struct sign_command command = { 0 };
	int code = parse(&signing, &command, argc, argv);

	if (!code && command.wants_help)
		fputs(help, stdout);
	else if (!code)
		code = sign(&signing, &command, argv + optind, argc - optind);
	tree_options_free(&signing.tree);
	return code;
}
