// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "../file/sign.h"
#include "../../lib/file/write_whole.h"
#include "../../lib/text/text.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "rewrite.h"
#include "signer_option.h"

static const char help[] =
	"usage: digsig prepare --cert CERT [OPTION...] FILE\n"
	"Writes the 256 bytes that have to be signed, for a key that is not on this machine; the file\n"
	"stays as it is. digsig attach then puts the signature into it:\n"
	"  digsig prepare --cert build.crt tool\n"
	"  openssl cms -sign -binary -noattr -md sha256 -outform DER -signer build.crt \\\n"
	"    -inkey build.key -in tool.manifest -out tool.cms\n"
	"  digsig attach tool tool.cms\n\n"
	"  --cert CERT            the certificate of the key that will sign\n"
	"  -o, --output F         where the manifest goes (default: FILE.manifest)\n"
	"  --identity ID          what the file is, as in org.example.tool; at most 64 bytes\n"
	"  --epoch N              counts up with the builds of one identity, against rollback\n"
	"  --wx                   it may map memory writable and executable (JIT compilers)\n"
	"  --allow-trailing-data  sign also what has data behind the ELF file's own parts\n"
	"  -q, --quiet            print only errors\n"
	"  -h, --help             show this\n\n"
	"SOURCE_DATE_EPOCH in the environment sets the signing time.\n";

enum { OPTION_CERT = 256, OPTION_IDENTITY, OPTION_EPOCH, OPTION_WX, OPTION_ALLOW_TRAILING_DATA };

static const struct option options[] = {
	{ "cert", required_argument, NULL, OPTION_CERT },
	{ "output", required_argument, NULL, 'o' },
	{ "identity", required_argument, NULL, OPTION_IDENTITY },
	{ "epoch", required_argument, NULL, OPTION_EPOCH },
	{ "wx", no_argument, NULL, OPTION_WX },
	{ "allow-trailing-data", no_argument, NULL, OPTION_ALLOW_TRAILING_DATA },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static int prepare(const char *path, const char *output, const struct sign_options *sign_options,
	bool quiet)
{
	struct digsig_manifest manifest;
	struct file_problem problem;
	char beside[PATH_MAX];
	int err;

	if (!output) {
		if (snprintf(beside, sizeof(beside), "%s.manifest", path) >= (int)sizeof(beside))
			return usage_error("prepare", "the path is too long: use --output");
		output = beside;
	}
	progress_begin(path, PROGRESS_BYTES);
	err = file_prepare(path, sign_options, &manifest, &problem);
	progress_end();
	if (err)
		return complain_rewrite(path, &problem);
	err = file_write_whole(output, &manifest, sizeof(manifest));
	if (err) {
		complain("%s: cannot be written: %s", output, strerror(-err));
		return EXIT_ERROR;
	}
	if (!quiet) {
		print_safely(stdout, path);
		fputs(": prepared: sign ", stdout);
		print_safely(stdout, output);
		putchar('\n');
	}
	return EXIT_OK;
}

int cmd_prepare(int argc, char **argv)
{
	struct sign_options sign_options = {
		.is_cancelled = &interrupted, .progress = &progress_of_file };
	const char *certificate = NULL, *output = NULL;
	struct signer *signer = NULL;
	bool quiet = false;
	int option, code;

	while ((option = getopt_long(argc, argv, "o:qh", options, NULL)) != -1) {
		switch (option) {
		case OPTION_CERT:
			certificate = optarg;
			break;
		case 'o':
			output = optarg;
			break;
		case OPTION_IDENTITY:
			if (!identity_is_valid(optarg))
				return usage_error("prepare", "--identity: not 1 to 64 bytes of UTF-8 "
							      "without control characters");
			sign_options.identity = optarg;
			break;
		case OPTION_EPOCH:
			if (parse_decimal(optarg, &sign_options.epoch))
				return usage_error("prepare", "%s: not an epoch, a number", optarg);
			break;
		case OPTION_WX:
			sign_options.may_map_wx = true;
			break;
		case OPTION_ALLOW_TRAILING_DATA:
			sign_options.allow_trailing_data = true;
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
	if (!certificate)
		return usage_error("prepare", "no --cert");
	if (argc - optind != 1)
		return usage_error("prepare", "expected one file");
	code = signing_time_find(&sign_options.signing_time);
	if (!code)
		code = certificate_option_load(&signer, certificate);
	if (code)
		return code;
	sign_options.signer = signer;
	interrupt_catch();
	progress_allow(!quiet);
	code = prepare(argv[optind], output, &sign_options, quiet);
	signer_free(signer);
	interrupt_obey();
	return code;
}
