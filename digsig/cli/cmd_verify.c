// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../catalog/detached.h"
#include "authority.h"
#include "catalog_option.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "tree.h"
#include "tree_report.h"
#include "trust_option.h"
#include "verify_findings.h"
#include "verify_legacy.h"

static const char help[] =
	"usage: digsig verify --trust CERT|DIR [OPTION...] FILE...\n"
	"       digsig verify -r --trust CERT|DIR [OPTION...] DIR...\n"
	"       digsig verify --legacy [--keyring FILE] [-q] FILE...\n"
	"Checks that every byte of a file is what a trusted key signed: in the file itself, in a\n"
	"catalog, or in FILE" DETACHED_SUFFIX " next to it.\n\n"
	"  --trust CERT|DIR  certificates whose keys are trusted; may be given several times\n"
	"  --catalog FILE|DIR  a catalog, or all of a folder; may be given several times\n"
	"  --revoked FILE    what is revoked, as digsig revoke notes it, or a signed list\n"
	"                    (" REVOCATION_STORE ")\n"
	"  --expiry WHAT     of certificates that are expired or not valid yet: warn (default),\n"
	"                    ignore, or refuse to trust them\n"
	"  --legacy          instead, look at what bsign 0.4.5 and older wrote into ELF files; the\n"
	"                    engine never trusts it\n"
	"  --keyring FILE    have gpgv check its OpenPGP signature, by the keys in FILE\n"
	"  -q, --quiet       print nothing; the exit code says it\n"
	"  -h, --help        show this\n\n"
	"Exit code, of the first file that is not ok: 65 unsigned, 66 tampered with, 67 bad\n"
	"signature or unknown key, 68 malformed block, 1 could not be read. With -r, the first in\n"
	"the order 66, 67, 68, 65, 1 that any file has. With --legacy, as bsign: 64 nothing there,\n"
	"65 only hashed, 66 changed, 67 signature not good or not checked.\n\n"
	TREE_HELP;

enum { OPTION_TRUST = 256, OPTION_CATALOG, OPTION_REVOKED, OPTION_EXPIRY, OPTION_LEGACY, OPTION_KEYRING };

static const struct option options[] = {
	{ "trust", required_argument, NULL, OPTION_TRUST },
	{ "catalog", required_argument, NULL, OPTION_CATALOG },
	{ "revoked", required_argument, NULL, OPTION_REVOKED },
	{ "expiry", required_argument, NULL, OPTION_EXPIRY },
	{ "legacy", no_argument, NULL, OPTION_LEGACY },
	{ "keyring", required_argument, NULL, OPTION_KEYRING },
	TREE_LONG_OPTIONS,
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static const struct tree_words words = {
	.for_people = { "ok", NULL, NULL, "not ok" },
	.for_programs = { "ok", NULL, NULL, "not_ok" },
	.work = "verifying",
	.are_findings_output = true,
};

static int verify_file(const char *path, const struct authority *authority,
	const struct tree_options *style)
{
	struct findings findings = { 0 };
	int code, err, fd = open_to_judge(path, &code);

	if (fd < 0)
		return code;
	progress_begin(path, PROGRESS_BYTES);
	err = findings_make(fd, path, authority, &progress_of_file, &findings);
	progress_end();
	close(fd);
	if (err) {
		complain("%s: cannot be read: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	if (style->is_json) {
		struct tree_finding finding = { 0 };

		findings_to_tree(&findings, &finding);
		tree_finding_print_json(&words, path, &finding);
	} else if (!style->is_quiet) {
		findings_print(path, &findings, style->is_verbose);
	}
	return verdict_exit_code(findings.judgement.verdict);
}

static int verify_legacy(char **paths, int count, const char *keyring, bool quiet,
	const struct authority *authority)
{
	char path[PATH_MAX];
	int code = EXIT_OK;

	if (authority->trust.store || authority->trust.catalogs.count)
		return usage_error("verify", "--legacy trusts nobody: no --trust, no --catalog");
	if (!count)
		return usage_error("verify", "no file");
	/* A name without a slash gpgv would look for in its own folder. */
	if (keyring && !realpath(keyring, path)) {
		complain("%s: %s", keyring, strerror(errno));
		return EXIT_ERROR;
	}
	keyring = keyring ? path : NULL;
	for (int i = 0; i < count; i++) {
		int failed = verify_legacy_file(paths[i], keyring, quiet);

		code = code ? code : failed;
	}
	return code;
}

static void verify_one(void *context, const struct tree_file *file,
	const struct tree_means *means, struct tree_finding *finding)
{
	const struct authority *authority = context;
	const char *path = file->names->path;
	struct findings findings = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int err = fd < 0 ? -errno
			 : findings_make(fd, path, authority, means->progress, &findings);

	if (fd >= 0)
		close(fd);
	if (err == -ENOENT || err == -ESTALE) {
		finding->outcome = TREE_GONE;
	} else if (err) {
		finding->outcome = TREE_FAILED;
		finding->exit_code = EXIT_ERROR;
		finding->reason = "read";
		snprintf(finding->text, sizeof(finding->text), "cannot be read: %s", strerror(-err));
	} else {
		findings_to_tree(&findings, finding);
	}
}

static int verify_trees(const struct tree_options *tree, struct authority *authority, char **roots,
	int count)
{
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

static int verify_files(const struct authority *authority, const struct tree_options *style,
	char **paths, int count)
{
	int code = EXIT_OK;

	progress_allow(!style->is_quiet);
	for (int i = 0; i < count; i++) {
		int failed = verify_file(paths[i], authority, style);

		code = code ? code : failed;
	}
	return code;
}

int cmd_verify(int argc, char **argv)
{
	struct authority authority = { 0 };
	struct tree_options tree = { .shows_files = true };
	int option, code = EXIT_OK;
	const char *revoked = NULL, *keyring = NULL;
	bool is_legacy = false;

	while (!code &&
		(option = getopt_long(argc, argv, TREE_LETTERS "qh", options, NULL)) != -1) {
		switch (option) {
		case OPTION_TRUST:
			code = trust_option_add(&authority.trust.store, optarg);
			break;
		case OPTION_CATALOG:
			code = catalog_list_add_or_complain(&authority.trust.catalogs, optarg);
			break;
		case OPTION_REVOKED:
			revoked = optarg;
			break;
		case OPTION_EXPIRY:
			code = authority_take_expiry(&authority, "verify", optarg);
			break;
		case OPTION_LEGACY:
			is_legacy = true;
			break;
		case OPTION_KEYRING:
			keyring = optarg;
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
	if (is_legacy) {
		code = verify_legacy(argv + optind, argc - optind, keyring, tree.is_quiet, &authority);
		goto out;
	}
	if (keyring)
		code = usage_error("verify", "--keyring is for --legacy");
	else if (!authority.trust.store)
		code = usage_error("verify", "no --trust");
	else if (optind == argc)
		code = usage_error("verify", "no file");
	else
		code = tree_options_check(&tree, "verify");
	authority.is_quiet = tree.is_quiet;
	if (!code)
		code = authority_open(&authority);
	if (!code)
		code = authority_revoke(&authority, revoked);
	if (code)
		goto out;
	if (tree.is_recursive)
		code = verify_trees(&tree, &authority, argv + optind, argc - optind);
	else
		code = verify_files(&authority, &tree, argv + optind, argc - optind);
out:
	tree_options_free(&tree);
	authority_free(&authority);
	return code;
}
