// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../file/hash.h"
#include "../file/verify.h"
#include "../text/text.h"
#include "authority.h"
#include "catalog_option.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "tree.h"
#include "trust_option.h"

static const char help[] =
	"usage: digsig verify --trust CERT|DIR [OPTION...] FILE...\n"
	"       digsig verify -r --trust CERT|DIR [OPTION...] DIR...\n"
	"Checks that every byte of a file is what a trusted key signed: in the file itself, or in\n"
	"a catalog.\n\n"
	"  --trust CERT|DIR  certificates whose keys are trusted; may be given several times\n"
	"  --catalog FILE|DIR  a catalog, or all of a folder; may be given several times\n"
	"  -q, --quiet       print nothing; the exit code says it\n"
	"  -h, --help        show this\n\n"
	"Exit code, of the first file that is not ok: 65 unsigned, 66 tampered with, 67 bad\n"
	"signature or unknown key, 68 malformed block, 1 could not be read. With -r, the first in\n"
	"the order 66, 67, 68, 65, 1 that any file has.\n\n"
	TREE_HELP;

enum { OPTION_TRUST = 256, OPTION_CATALOG };

static const struct option options[] = {
	{ "trust", required_argument, NULL, OPTION_TRUST },
	{ "catalog", required_argument, NULL, OPTION_CATALOG },
	TREE_LONG_OPTIONS,
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* Whether a catalog has the file, as the kernel would find out: before it looks for a block. */
static int is_in_catalog(int fd, const struct catalog_set *catalogs)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	struct stat st;
	int err;

	if (!catalogs)
		return 0;
	if (fstat(fd, &st))
		return -errno;
	err = file_hash(fd, (__u64)st.st_size, &progress_of_file, digest);
	return err ? err : catalog_set_contains(catalogs, digest);
}

static int judge(int fd, const struct authority *authority, bool *is_catalogued,
	struct file_judgement *judgement)
{
	int found = is_in_catalog(fd, authority->catalogs);

	*is_catalogued = found > 0;
	judgement->verdict = DIGSIG_VERDICT_OK;
	if (found)
		return found < 0 ? found : 0;
	return file_judge_watched(fd, authority->trust.store, 0, &progress_of_file, judgement);
}

static int verify_file(const char *path, const struct authority *authority, bool quiet)
{
	struct file_judgement judgement;
	bool is_catalogued;
	char text[256];
	int code, err, fd = open_to_judge(path, &code);

	if (fd < 0)
		return code;
	progress_begin(path, PROGRESS_BYTES);
	err = judge(fd, authority, &is_catalogued, &judgement);
	progress_end();
	close(fd);
	if (err) {
		complain("%s: cannot be read: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	if (!quiet) {
		print_safely(stdout, path);
		if (judgement.verdict == DIGSIG_VERDICT_OK) {
			puts(is_catalogued ? ": ok, by a catalog" : ": ok");
		} else {
			file_judgement_describe(&judgement, text, sizeof(text));
			printf(": %s: %s\n", digsig_verdict_name(judgement.verdict), text);
		}
	}
	return verdict_exit_code(judgement.verdict);
}

static void verify_one(void *context, const struct tree_file *file,
	const struct file_progress *progress, struct tree_finding *finding)
{
	const struct authority *authority = context;
	struct file_judgement judgement;
	int fd = open(file->names->path,
		O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int err = fd < 0 ? -errno
			 : file_judge_known(fd, authority->trust.store, authority_known(authority),
				   progress, &judgement);
	char text[256];

	if (fd >= 0)
		close(fd);
	if (err == -ENOENT || err == -ESTALE) {
		finding->outcome = TREE_GONE;
	} else if (err) {
		finding->outcome = TREE_FAILED;
		finding->exit_code = EXIT_ERROR;
		finding->reason = "read";
		snprintf(finding->text, sizeof(finding->text), "cannot be read: %s", strerror(-err));
	} else if (judgement.verdict != DIGSIG_VERDICT_OK) {
		finding->outcome = TREE_FAILED;
		finding->exit_code = verdict_exit_code(judgement.verdict);
		finding->reason = digsig_verdict_name(judgement.verdict);
		file_judgement_describe(&judgement, text, sizeof(text));
		snprintf(finding->text, sizeof(finding->text), "%s: %s", finding->reason, text);
	}
}

static int verify_trees(const struct tree_options *tree, struct authority *authority, char **roots,
	int count)
{
	static const struct tree_words words = {
		.for_people = { "ok", NULL, NULL, "not ok" },
		.for_programs = { "ok", NULL, NULL, "not_ok" },
		.work = "verifying",
		.are_findings_output = true,
	};
	static const int exit_codes[] = { EXIT_TAMPERED, EXIT_BAD_SIGNATURE, EXIT_UNSUPPORTED,
		EXIT_UNSIGNED, EXIT_ERROR, 0 };
	const struct tree_job job = { .words = &words, .work = verify_one, .context = authority,
		.exit_codes = exit_codes };
	int code;

	interrupt_catch();
	code = tree_run(tree, &job, roots, count);
	interrupt_obey();
	return code;
}

static int verify_files(const struct authority *authority, char **paths, int count, bool quiet)
{
	int code = EXIT_OK;

	progress_allow(!quiet);
	for (int i = 0; i < count; i++) {
		int failed = verify_file(paths[i], authority, quiet);

		code = code ? code : failed;
	}
	return code;
}

int cmd_verify(int argc, char **argv)
{
	struct authority authority = { 0 };
	struct tree_options tree = { 0 };
	int option, code = EXIT_OK;

	while (!code &&
		(option = getopt_long(argc, argv, TREE_LETTERS "qh", options, NULL)) != -1) {
		switch (option) {
		case OPTION_TRUST:
			code = trust_option_add(&authority.trust.store, optarg);
			break;
		case OPTION_CATALOG:
			code = catalog_list_add_or_complain(&authority.trust.catalogs, optarg);
			break;
		case 'q':
			tree.is_quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			goto out;
		default:
			code = tree_option_take(&tree, "verify", option, optarg);
		}
	}
	if (code)
		goto out;
	if (!authority.trust.store)
		code = usage_error("verify", "no --trust");
	else if (optind == argc)
		code = usage_error("verify", "no file");
	else
		code = tree_options_check(&tree, "verify");
	if (!code)
		code = authority_open(&authority);
	if (code)
		goto out;
	if (tree.is_recursive)
		code = verify_trees(&tree, &authority, argv + optind, argc - optind);
	else
		code = verify_files(&authority, argv + optind, argc - optind, tree.is_quiet);
out:
	tree_options_free(&tree);
	authority_free(&authority);
	return code;
}
