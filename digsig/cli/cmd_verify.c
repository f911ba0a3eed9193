// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
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
#include "progress.h"
#include "trust_option.h"

static const char help[] =
	"usage: digsig verify --trust CERT|DIR [OPTION...] FILE...\n"
	"Checks that every byte of a file is what a trusted key signed: in the file itself, or in\n"
	"a catalog.\n\n"
	"  --trust CERT|DIR  certificates whose keys are trusted; may be given several times\n"
	"  --catalog FILE|DIR  a catalog, or all of a folder; may be given several times\n"
	"  --revoked FILE    what is revoked (" REVOCATION_STORE ")\n"
	"  -q, --quiet       print nothing; the exit code says it\n"
	"  -h, --help        show this\n\n"
	"Exit code, of the first file that is not ok: 65 unsigned, 66 tampered with, 67 bad\n"
	"signature or unknown key, 68 malformed block, 1 could not be read.\n";

enum { OPTION_TRUST = 256, OPTION_CATALOG, OPTION_REVOKED };

static const struct option options[] = {
	{ "trust", required_argument, NULL, OPTION_TRUST },
	{ "catalog", required_argument, NULL, OPTION_CATALOG },
	{ "revoked", required_argument, NULL, OPTION_REVOKED },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* Whether a catalog has the file, as the kernel would find out: before it looks for a block. */
static int is_in_catalog(
	int fd, const struct catalog_set *catalogs, __u8 digest[DIGSIG_DIGEST_SIZE])
{
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
	int found = is_in_catalog(fd, authority->catalogs, judgement->digest), err = 0;
	const struct digsig_manifest *signed_as = NULL;

	*is_catalogued = found > 0;
	judgement->verdict = DIGSIG_VERDICT_OK;
	if (found < 0)
		return found;
	if (!found) {
		err = file_judge_watched(
			fd, authority->trust.store, 0, &progress_of_file, judgement);
		signed_as = (const void *)judgement->block.bytes;
	}
	if (!err && judgement->verdict == DIGSIG_VERDICT_OK)
		judgement->verdict = revocations_judge(
			&authority->revoked, judgement->digest, signed_as);
	return err;
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

int cmd_verify(int argc, char **argv)
{
	struct authority authority = { 0 };
	int option, code = EXIT_OK;
	const char *revoked = NULL;
	bool quiet = false;

	while (!code && (option = getopt_long(argc, argv, "qh", options, NULL)) != -1) {
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
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			goto out;
		default:
			code = EXIT_USAGE;
		}
	}
	if (code)
		goto out;
	if (!authority.trust.store)
		code = usage_error("verify", "no --trust");
	else if (optind == argc)
		code = usage_error("verify", "no file");
	else
		code = authority_open(&authority);
	if (!code)
		code = authority_revoke(&authority, revoked);
	if (code)
		goto out;
	progress_allow(!quiet);
	for (int i = optind; i < argc; i++) {
		int failed = verify_file(argv[i], &authority, quiet);

		code = code ? code : failed;
	}
out:
	authority_free(&authority);
	return code;
}
