// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../../lib/command/interrupt.h"
#include "../../catalog/detached.h"
#include "../authority.h"
#include "../catalog_option.h"
#include "../cli.h"
#include "../file_progress.h"
#include "../tree/tree.h"
#include "../tree/tree_report.h"
#include "../trust_option.h"
#include "verify_findings.h"
#include "verify_legacy.h"

struct verify_settings {
	struct authority authority;
	struct tree_options tree;
	const char *revoked, *keyring;
	bool is_legacy;
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
		return usage_error("--legacy does not take --trust or --catalog");
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
		.leave_out_debug = true, .exit_codes = exit_codes };
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

static const struct command_option options[] = {
	{ OPTION_CALL, 0, "trust", "CERT|DIR", "certificates whose keys are trusted; may be repeated",
		OPTION_FIELD(struct verify_settings, authority.trust.store), .take = trust_option_take,
		.offer = OFFER_FILES },
	{ OPTION_CALL, 0, "catalog", "FILE|DIR",
		"a catalog, or all catalogs of a folder; may be repeated",
		OPTION_FIELD(struct verify_settings, authority.trust.catalogs),
		.take = catalog_option_take, .offer = "*.catalog" },
	{ OPTION_VALUE, 0, "revoked", "FILE",
		"what is revoked, as digsig revoke notes it, or a signed list "
		"(default: " REVOCATION_STORE ")",
		OPTION_FIELD(struct verify_settings, revoked), .offer = OFFER_FILES },
	{ OPTION_WORD, 0, "expiry", "WHAT",
		"of certificates that are expired or not valid yet: warn (default), ignore, or refuse to "
		"trust them",
		OPTION_FIELD(struct verify_settings, authority.expiry), .words = expiry_words },
	{ OPTION_FLAG, 0, "legacy", NULL,
		"instead, look at what bsign 0.4.5 and older wrote into ELF files; the engine never trusts "
		"it",
		OPTION_FIELD(struct verify_settings, is_legacy) },
	{ OPTION_VALUE, 0, "keyring", "FILE",
		"have gpgv check its OpenPGP signature, by the keys in FILE",
		OPTION_FIELD(struct verify_settings, keyring), .offer = OFFER_FILES },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print nothing; the exit code says it",
		OPTION_FIELD(struct verify_settings, tree.is_quiet) },
	{ OPTION_GROUP, .help = TREE_TITLE, OPTION_FIELD(struct verify_settings, tree),
		.group = tree_option_table },
	{ 0 },
};

static int verify(struct verify_settings *settings, char **paths, int count)
{
	struct authority *authority = &settings->authority;
	struct tree_options *tree = &settings->tree;
	int code;

	if (settings->is_legacy)
		return verify_legacy(paths, count, settings->keyring, tree->is_quiet, authority);
	if (settings->keyring)
		return usage_error("--keyring requires --legacy");
	if (!authority->trust.store)
		return usage_error("--trust is missing");
	code = tree_options_check(tree);
	authority->is_quiet = tree->is_quiet;
	if (!code)
		code = authority_open(authority);
	if (!code)
		code = authority_revoke(authority, settings->revoked);
	if (code)
		return code;
	return tree->is_recursive ? verify_trees(tree, authority, paths, count) :
				    verify_files(authority, tree, paths, count);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct verify_settings settings = { .tree.shows_files = true };
	int code;

	if (options_take(command, &argc, &argv, &settings, &code))
		code = verify(&settings, argv, argc);
	tree_options_free(&settings.tree);
	authority_free(&settings.authority);
	return code;
}

const struct command verify_command = {
	.name = "verify",
	.summary = "check files against the trust",
	.usage = "--trust CERT|DIR [OPTION...] FILE...\n-r --trust CERT|DIR [OPTION...] DIR...\n"
		 "--legacy [--keyring FILE] [-q] FILE...",
	.about = "Checks that every byte of a file is what a trusted key signed: in the file itself, in a\n"
		 "catalog, or in FILE" DETACHED_SUFFIX " next to it.\n",
	.options = options,
	.notes = "Exit code, of the first file that is not ok: 65 unsigned, 66 tampered with, 67 bad\n"
		 "signature or unknown key, 68 malformed block, 1 could not be read. With -r, the first in\n"
		 "the order 66, 67, 68, 65, 1 that any file has. With --legacy, as bsign: 64 nothing there,\n"
		 "65 only hashed, 66 changed, 67 signature not good or not checked.\n",
	.run = run,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
