// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include "cli.h"
#include "key_import.h"
#include "key_issue.h"
#include "key_make.h"
#include "passphrase.h"
#include "signer_option.h"

static const char help[] =
	"usage: digsig key new NAME [OPTION...]\n"
	"       digsig key issue REQUEST.csr|CERT --issuer CA.key [OPTION...]\n"
	"       digsig key import PUBLIC.gpg [OPTION...]\n"
	"Makes a signing key, NAME.key (mode 0600), and its certificate, NAME.crt, self-signed or\n"
	"issued by a CA. The certificate, or the CA's and it, is what goes into the trust of the\n"
	"hosts; the keys stay with the signer and the CA.\n"
	"issue makes REQUEST.crt for a key that is elsewhere, by its request or old certificate.\n"
	"import makes PUBLIC.crt for an OpenPGP key, RSA or NIST P-256: see sign.\n\n"
	"  --ca                 new: make a CA, whose key signs certificates and no code\n"
	"  --issuer KEY         new, issue: the key of the CA that issues the certificate, PEM; or\n"
	"                       pkcs11:URI, in a token\n"
	"  --issuer-cert CERT   its certificate (default: KEY with .crt in place of .key)\n"
	"  --issuer-passphrase-file F\n"
	"                       its passphrase is the first line of F (default: ask)\n"
	"  --algo A             rsa3072 (default), rsa4096, ecdsa-p256 (not every kernel has ECDSA)\n"
	"  --out DIR            where to put the files (default: here)\n"
	"  --subject TEXT       the certificate's subject, \"CN=Build, O=Example\" (default: CN=NAME;\n"
	"                       issue: the one that is there)\n"
	"  --days N             how long the certificate is valid (default: 3650); no longer than\n"
	"                       its issuer\n"
	"  --passphrase-file F  encrypt the key with the first line of F; import: the\n"
	"                       secret key's passphrase (default: gpg-agent asks)\n"
	"  --force              overwrite existing files\n"
	"  -h, --help           show this\n";

enum { OPTION_ALGO = 256, OPTION_CA, OPTION_ISSUER, OPTION_ISSUER_CERT,
	OPTION_ISSUER_PASSPHRASE_FILE, OPTION_OUT, OPTION_SUBJECT, OPTION_DAYS,
	OPTION_PASSPHRASE_FILE, OPTION_FORCE };

static const struct option options[] = {
	{ "algo", required_argument, NULL, OPTION_ALGO },
	{ "ca", no_argument, NULL, OPTION_CA },
	{ "issuer", required_argument, NULL, OPTION_ISSUER },
	{ "issuer-cert", required_argument, NULL, OPTION_ISSUER_CERT },
	{ "issuer-passphrase-file", required_argument, NULL, OPTION_ISSUER_PASSPHRASE_FILE },
	{ "out", required_argument, NULL, OPTION_OUT },
	{ "subject", required_argument, NULL, OPTION_SUBJECT },
	{ "days", required_argument, NULL, OPTION_DAYS },
	{ "passphrase-file", required_argument, NULL, OPTION_PASSPHRASE_FILE },
	{ "force", no_argument, NULL, OPTION_FORCE },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* A hundred years; the date must stay within four digits (RFC 5280 section 4.1.2.5.2). */
#define DAYS_MAX 36500

struct key_command {
	struct key_request request;
	struct signer_options issuer;
	const char *directory, *passphrase_file;
	bool has_algorithm, wants_help;
};

static int parse_days(const char *text, int *days)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1 || value > DAYS_MAX)
		return usage_error("key", "%s: not a number of days, 1 to %d", text, DAYS_MAX);
	*days = (int)value;
	return EXIT_OK;
}

static int take_option(struct key_command *command, int option)
{
	struct key_request *request = &command->request;

	switch (option) {
	case OPTION_ALGO:
		command->has_algorithm = true;
		if (key_algorithm_parse(optarg, &request->algorithm))
			return usage_error("key", "%s: no such algorithm", optarg);
		break;
	case OPTION_CA:
		request->is_authority = true;
		break;
	case OPTION_ISSUER:
		command->issuer.key = optarg;
		break;
	case OPTION_ISSUER_CERT:
		command->issuer.certificate = optarg;
		break;
	case OPTION_ISSUER_PASSPHRASE_FILE:
		command->issuer.passphrase_file = optarg;
		break;
	case OPTION_OUT:
		command->directory = optarg;
		break;
	case OPTION_SUBJECT:
		request->subject = optarg;
		break;
	case OPTION_DAYS:
		return parse_days(optarg, &request->days);
	case OPTION_PASSPHRASE_FILE:
		command->passphrase_file = optarg;
		break;
	case OPTION_FORCE:
		request->replace = true;
		break;
	case 'h':
		command->wants_help = true;
		break;
	default:
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int run_new(struct key_command *command, const char *name)
{
	struct key_request *request = &command->request;
	struct signer *issuer = NULL;
	int code = EXIT_OK;

	if (!*name || strchr(name, '/') || strlen(name) > 200)
		return usage_error("key", "%s: not a name: put the folder into --out", name);
	if (request->is_authority && command->issuer.key)
		return usage_error("key", "--ca and --issuer: a CA made here is self-signed, and "
					  "issues to signers alone");
	if (command->issuer.key)
		code = issuer_option_load("key", &command->issuer, &issuer);
	if (code)
		return code;
	request->issuer = issuer;
	code = key_make(name, command->directory, request);
	signer_free(issuer);
	return code;
}

static int run_issue(struct key_command *command, const char *path)
{
	struct signer *issuer = NULL;
	int code;

	if (command->request.is_authority || command->has_algorithm || command->passphrase_file)
		return usage_error("key", "issue: the key is there already: no --ca, --algo, "
					  "--passphrase-file");
	if (!command->issuer.key)
		return usage_error("key", "issue: no --issuer");
	code = issuer_option_load("key", &command->issuer, &issuer);
	if (code)
		return code;
	code = key_issue(&(struct issue_request){ .path = path,
				 .directory = command->directory,
				 .subject = command->request.subject,
				 .days = command->request.days,
				 .replace = command->request.replace },
		issuer);
	signer_free(issuer);
	return code;
}

static int run_import(struct key_command *command, const char *path)
{
	if (command->has_algorithm)
		return usage_error("key", "import: the algorithm is the key's own, without --algo");
	if (command->request.is_authority || command->issuer.key)
		return usage_error("key", "import: without --ca and --issuer: key issue takes the "
					  "certificate that import makes");
	return key_import(&(struct import_request){ .path = path,
		.directory = command->directory,
		.subject = command->request.subject,
		.days = command->request.days,
		.passphrase = command->request.passphrase,
		.replace = command->request.replace });
}

/* The passphrase is there for as long as it is needed. */
static int run_with_passphrase(struct key_command *command,
	int (*run)(struct key_command *command, const char *name), const char *name)
{
	char passphrase[1024];
	int err, code;

	if (command->passphrase_file) {
		err = passphrase_read_file(
			command->passphrase_file, passphrase, sizeof(passphrase));
		if (err < 0) {
			complain("%s: cannot read a passphrase: %s", command->passphrase_file,
				strerror(-err));
			return EXIT_BAD_PASSPHRASE;
		}
		command->request.passphrase = passphrase;
	}
	code = run(command, name);
	OPENSSL_cleanse(passphrase, sizeof(passphrase));
	return code;
}

int cmd_key(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct key_command *command, const char *name);
	} commands[] = { { "new", run_new }, { "issue", run_issue }, { "import", run_import } };
	struct key_command command = {
		.request = { .algorithm = KEY_RSA3072, .days = 3650 },
		.directory = ".",
	};
	int option, code = EXIT_OK;

	while (!code && !command.wants_help &&
		(option = getopt_long(argc, argv, "h", options, NULL)) != -1)
		code = take_option(&command, option);
	if (code)
		return code;
	if (command.wants_help) {
		fputs(help, stdout);
		return EXIT_OK;
	}
	if ((command.issuer.certificate || command.issuer.passphrase_file) && !command.issuer.key)
		return usage_error("key", "--issuer-cert and --issuer-passphrase-file are for "
					  "--issuer");
	for (size_t i = 0; argc - optind == 2 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[optind], commands[i].name))
			return run_with_passphrase(
				&command, commands[i].run, argv[optind + 1]);
	return usage_error(
		"key", "expected: new NAME, issue REQUEST.csr|CERT, or import PUBLIC.gpg");
}
