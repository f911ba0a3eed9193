// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include "../file/sign.h"
#include "../text/text.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "rewrite.h"
#include "signer_option.h"

static const char help[] =
	"usage: digsig sign --key KEY [OPTION...] FILE...\n"
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
	"  --allow-trailing-data  sign also what has data behind the ELF file's own parts\n"
	"  --break-links          sign also what has other hard links, which keep the old file\n"
	"  -q, --quiet            print only errors\n"
	"  -h, --help             show this\n\n"
	"SOURCE_DATE_EPOCH in the environment sets the signing time.\n";

enum { OPTION_KEY = 256, OPTION_GPG, OPTION_CERT, OPTION_PASSPHRASE_FILE, OPTION_IDENTITY, OPTION_EPOCH,
	OPTION_WX, OPTION_ALLOW_TRAILING_DATA, OPTION_BREAK_LINKS };

static const struct option options[] = {
	{ "key", required_argument, NULL, OPTION_KEY },
	{ "gpg", required_argument, NULL, OPTION_GPG },
	{ "cert", required_argument, NULL, OPTION_CERT },
	{ "passphrase-file", required_argument, NULL, OPTION_PASSPHRASE_FILE },
	{ "identity", required_argument, NULL, OPTION_IDENTITY },
	{ "epoch", required_argument, NULL, OPTION_EPOCH },
	{ "wx", no_argument, NULL, OPTION_WX },
	{ "allow-trailing-data", no_argument, NULL, OPTION_ALLOW_TRAILING_DATA },
	{ "break-links", no_argument, NULL, OPTION_BREAK_LINKS },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static int sign_files(char **paths, int count, const struct sign_options *sign_options, bool quiet)
{
	int code = EXIT_OK;

	for (int i = 0; i < count && !interrupted; i++) {
		struct file_problem problem;
		int err;

		progress_begin(paths[i], PROGRESS_BYTES);
		err = file_sign(paths[i], sign_options, &problem);
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

int cmd_sign(int argc, char **argv)
{
	const char *key = NULL, *certificate = NULL, *passphrase_file = NULL, *user = NULL;
	struct sign_options sign_options = {
		.is_cancelled = &interrupted, .progress = &progress_of_file };
	struct signer *signer = NULL;
	bool quiet = false;
	int option, code;

	while ((option = getopt_long(argc, argv, "qh", options, NULL)) != -1) {
		switch (option) {
		case OPTION_KEY:
			key = optarg;
			break;
		case OPTION_GPG:
			user = optarg;
			break;
		case OPTION_CERT:
			certificate = optarg;
			break;
		case OPTION_PASSPHRASE_FILE:
			passphrase_file = optarg;
			break;
		case OPTION_IDENTITY:
			if (!identity_is_valid(optarg))
				return usage_error("sign", "--identity: not 1 to 64 bytes of UTF-8 "
							   "without control characters");
			sign_options.identity = optarg;
			break;
		case OPTION_EPOCH:
			if (parse_decimal(optarg, &sign_options.epoch))
				return usage_error("sign", "%s: not an epoch, a number", optarg);
			break;
		case OPTION_WX:
			sign_options.may_map_wx = true;
			break;
		case OPTION_ALLOW_TRAILING_DATA:
			sign_options.allow_trailing_data = true;
			break;
		case OPTION_BREAK_LINKS:
			sign_options.break_links = true;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (!key == !user)
		return usage_error("sign", key ? "--key and --gpg" : "no --key");
	if (user && !certificate)
		return usage_error("sign", "--gpg without --cert: make one with digsig key import");
	if (optind == argc)
		return usage_error("sign", "no file");
	code = signing_time_find(&sign_options.signing_time);
	if (!code && user)
		code = signer_option_load_gpg(&signer, user, certificate, passphrase_file);
	else if (!code)
		code = signer_option_load("sign", &signer, key, certificate, passphrase_file);
	if (code)
		return code;
	sign_options.signer = signer;
	interrupt_catch();
	progress_allow(!quiet);
	code = sign_files(argv + optind, argc - optind, &sign_options, quiet);
	signer_free(signer);
	interrupt_obey();
	return code;
}
