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
#include "../file/hash.h"
#include "../file/verify.h"
#include "../../lib/text/text.h"
#include "authority.h"
#include "catalog_option.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "tree.h"
#include "trust_option.h"
#include "verify_legacy.h"

static const char help[] =
	"usage: digsig verify --trust CERT|DIR [OPTION...] FILE...\n"
	"       digsig verify -r --trust CERT|DIR [OPTION...] DIR...\n"
	"       digsig verify --legacy [--keyring FILE] [-q] FILE...\n"
	"Checks that every byte of a file is what a trusted key signed: in the file itself, in a\n"
	"catalog, or in FILE" DETACHED_SUFFIX " next to it.\n\n"
	"  --trust CERT|DIR  certificates whose keys are trusted; may be given several times\n"
	"  --catalog FILE|DIR  a catalog, or all of a folder; may be given several times\n"
	"  --revoked FILE    what is revoked (" REVOCATION_STORE ")\n"
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

enum { OPTION_TRUST = 256, OPTION_CATALOG, OPTION_REVOKED, OPTION_LEGACY, OPTION_KEYRING };

static const struct option options[] = {
	{ "trust", required_argument, NULL, OPTION_TRUST },
	{ "catalog", required_argument, NULL, OPTION_CATALOG },
	{ "revoked", required_argument, NULL, OPTION_REVOKED },
	{ "legacy", no_argument, NULL, OPTION_LEGACY },
	{ "keyring", required_argument, NULL, OPTION_KEYRING },
	TREE_LONG_OPTIONS,
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* Whether a catalog has the file, as the kernel would find out: before it looks for a block. */
static int is_in_catalog(int fd, const struct catalog_set *catalogs,
	const struct file_progress *progress, __u8 digest[DIGSIG_DIGEST_SIZE])
{
	struct stat st;
	int err;

	if (!catalogs)
		return 0;
	if (fstat(fd, &st))
		return -errno;
	err = file_hash(fd, (__u64)st.st_size, progress, digest);
	return err ? err : catalog_set_contains(catalogs, digest);
}

/* A file's judgement, and what else made it so. */
struct findings {
	struct file_judgement judgement;
	bool is_catalogued;
	struct detached_finding detached;
};

static int judge_signatures(int fd, const char *path, const struct authority *authority,
	const struct file_progress *progress, struct findings *findings)
{
	struct file_judgement *judgement = &findings->judgement;
	int err = is_in_catalog(fd, authority->catalogs, progress, judgement->digest);

	findings->is_catalogued = err > 0;
	judgement->verdict = DIGSIG_VERDICT_OK;
	if (err)
		return err < 0 ? err : 0;
	err = file_judge_watched(fd, authority->trust.store, 0, progress, judgement);
	if (err || judgement->verdict == DIGSIG_VERDICT_OK)
		return err;
	err = detached_judge(
		fd, path, authority->trust.store, progress, judgement, &findings->detached);
	/* What is wrong with a block outweighs what is wrong with a file next to it. */
	if (!err && judgement->verdict == DIGSIG_VERDICT_UNSIGNED)
		judgement->verdict = detached_verdict(&findings->detached);
	return err;
}

/*
 * The findings are zero before. What was signed in the file itself can be revoked by who signed it,
 * the rest by its digest.
 */
static int judge(int fd, const char *path, const struct authority *authority,
	const struct file_progress *progress, struct findings *findings)
{
	struct file_judgement *judgement = &findings->judgement;
	int err = judge_signatures(fd, path, authority, progress, findings);
	bool by_block = !findings->is_catalogued && findings->detached.state != DETACHED_GOOD;

	if (!err && judgement->verdict == DIGSIG_VERDICT_OK)
		judgement->verdict = revocations_judge(&authority->revoked, judgement->digest,
			by_block ? (const void *)judgement->block.bytes : NULL);
	return err;
}

static void print_good(const char *path, const struct findings *findings)
{
	fputs(": ok", stdout);
	if (findings->is_catalogued)
		fputs(", by a catalog", stdout);
	if (findings->detached.state == DETACHED_GOOD) {
		fputs(", by ", stdout);
		print_safely(stdout, path);
		fputs(DETACHED_SUFFIX, stdout);
	}
	putchar('\n');
}

static void print_bad(const char *path, const struct findings *findings)
{
	const struct detached_finding *detached = &findings->detached;
	char text[512];

	/* The judgement's own reason: the file is unsigned where FILE.digsig decides. */
	file_judgement_describe(&findings->judgement, text, sizeof(text));
	printf(": %s: %s", digsig_verdict_name(findings->judgement.verdict), text);
	if (detached->state == DETACHED_OTHER || detached->state == DETACHED_BAD) {
		fputs(", and ", stdout);
		print_safely(stdout, path);
		fputs(DETACHED_SUFFIX, stdout);
	}
	if (detached->state == DETACHED_OTHER) {
		fputs(" is of another file, or of this one before it was changed", stdout);
	} else if (detached->state == DETACHED_BAD) {
		detached_describe(detached->error, &detached->problem, text, sizeof(text));
		printf(" is not good: %s", text);
	}
	putchar('\n');
}

static int verify_file(const char *path, const struct authority *authority, bool quiet)
{
	struct findings findings = { 0 };
	int code, err, fd = open_to_judge(path, &code);

	if (fd < 0)
		return code;
	progress_begin(path, PROGRESS_BYTES);
	err = judge(fd, path, authority, &progress_of_file, &findings);
	progress_end();
	close(fd);
	if (err) {
		complain("%s: cannot be read: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	if (!quiet) {
		print_safely(stdout, path);
		if (findings.judgement.verdict == DIGSIG_VERDICT_OK)
			print_good(path, &findings);
		else
			print_bad(path, &findings);
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
	int err = fd < 0 ? -errno : judge(fd, path, authority, means->progress, &findings);
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
	} else if (findings.judgement.verdict != DIGSIG_VERDICT_OK) {
		finding->outcome = TREE_FAILED;
		finding->exit_code = verdict_exit_code(findings.judgement.verdict);
		finding->reason = digsig_verdict_name(findings.judgement.verdict);
		file_judgement_describe(&findings.judgement, text, sizeof(text));
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
	if (!code)
		code = authority_open(&authority);
	if (!code)
		code = authority_revoke(&authority, revoked);
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
