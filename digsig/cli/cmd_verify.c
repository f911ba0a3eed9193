// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../file/verify.h"
#include "../text/text.h"
#include "cli.h"
#include "progress.h"
#include "trust_option.h"

static const char help[] =
	"usage: digsig verify --trust CERT|DIR [OPTION...] FILE...\n"
	"Checks that every byte of a file is what a trusted key signed.\n\n"
	"  --trust CERT|DIR  certificates whose keys are trusted; may be given several times\n"
	"  -q, --quiet       print nothing; the exit code says it\n"
	"  -h, --help        show this\n\n"
	"Exit code, of the first file that is not ok: 65 unsigned, 66 tampered with, 67 bad\n"
	"signature or unknown key, 68 malformed block, 1 could not be read.\n";

enum { OPTION_TRUST = 256 };

static const struct option options[] = {
	{ "trust", required_argument, NULL, OPTION_TRUST },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static int verify_file(const char *path, const struct trust_store *store, bool quiet)
{
	struct file_judgement judgement;
	char text[256];
	int code, err, fd = open_to_judge(path, &code);

	if (fd < 0)
		return code;
	progress_begin(path, PROGRESS_BYTES);
	err = file_judge_watched(fd, store, 0, &progress_of_file, &judgement);
	progress_end();
	close(fd);
	if (err) {
		complain("%s: cannot be read: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	if (!quiet) {
		print_safely(stdout, path);
		if (judgement.verdict == DIGSIG_VERDICT_OK) {
			puts(": ok");
		} else {
			file_judgement_describe(&judgement, text, sizeof(text));
			printf(": %s: %s\n", digsig_verdict_name(judgement.verdict), text);
		}
	}
	return verdict_exit_code(judgement.verdict);
}

int cmd_verify(int argc, char **argv)
{
	struct trust_store *store = NULL;
	int option, code = EXIT_OK;
	bool quiet = false;

	while (!code && (option = getopt_long(argc, argv, "qh", options, NULL)) != -1) {
		switch (option) {
		case OPTION_TRUST:
			code = trust_option_add(&store, optarg);
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
	if (!store)
		code = usage_error("verify", "no --trust");
	else if (optind == argc)
		code = usage_error("verify", "no file");
	if (code)
		goto out;
	progress_allow(!quiet);
	for (int i = optind; i < argc; i++) {
		int failed = verify_file(argv[i], store, quiet);

		code = code ? code : failed;
	}
out:
	trust_store_free(store);
	return code;
}
