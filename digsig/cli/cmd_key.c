// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include "../trust/key_new.h"
#include "cli.h"
#include "key_import.h"
#include "passphrase.h"

static const char help[] =
	"usage: digsig key new NAME [OPTION...]\n"
	"       digsig key import PUBLIC.gpg [OPTION...]\n"
	"Makes a signing key, NAME.key (mode 0600), and its self-signed certificate, NAME.crt.\n"
	"The certificate is what goes into the trust of the hosts; the key stays with the signer.\n"
	"import makes PUBLIC.crt for an OpenPGP key, RSA or NIST P-256: see sign.\n\n"
	"  --algo A             rsa3072 (default), rsa4096, ecdsa-p256 (not every kernel has ECDSA)\n"
	"  --out DIR            where to put the files (default: here)\n"
	"  --subject TEXT       the certificate's subject, \"CN=Build, O=Example\" (default: CN=NAME)\n"
	"  --days N             how long the certificate is valid (default: 3650)\n"
	"  --passphrase-file F  encrypt the key with the first line of F; import: the\n"
	"                       secret key's passphrase (default: gpg-agent asks)\n"
	"  --force              overwrite existing files\n"
	"  -h, --help           show this\n";

enum { OPTION_ALGO = 256, OPTION_OUT, OPTION_SUBJECT, OPTION_DAYS, OPTION_PASSPHRASE_FILE,
	OPTION_FORCE };

static const struct option options[] = {
	{ "algo", required_argument, NULL, OPTION_ALGO },
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

static int parse_days(const char *text, int *days)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1 || value > DAYS_MAX)
		return -EINVAL;
	*days = (int)value;
	return 0;
}

static int make_key(const char *name, const char *directory, struct key_request *request)
{
	char key_path[PATH_MAX], certificate_path[PATH_MAX], subject[300];
	int err;

	if (snprintf(key_path, sizeof(key_path), "%s/%s.key", directory, name) >=
			(int)sizeof(key_path) ||
		snprintf(certificate_path, sizeof(certificate_path), "%s/%s.crt", directory,
			name) >= (int)sizeof(certificate_path)) {
		complain("%s: the path is too long: choose a shorter one", name);
		return EXIT_USAGE;
	}
	if (!request->subject) {
		/* Without "=", and thus taken as a common name whatever else is in it. */
		snprintf(subject, sizeof(subject), "%s", name);
		request->subject = subject;
	}
	request->key_path = key_path;
	request->certificate_path = certificate_path;
	err = key_new(request);
	if (err == -EEXIST)
		complain("%s: there is a key or certificate of this name already: use --force to "
			 "overwrite it, which makes all that it signed unverifiable",
			key_path);
	else if (err == -EINVAL)
		complain("%s: not a subject: write it like \"CN=Build, O=Example\"",
			request->subject);
	else if (err == -EIO)
		complain("%s: OpenSSL could not make the key", key_path);
	else if (err)
		complain("%s: cannot be written: %s", key_path, strerror(-err));
	if (err)
		return err == -EINVAL ? EXIT_USAGE : EXIT_ERROR;
	printf("%s\n%s\n", key_path, certificate_path);
	return EXIT_OK;
}

int cmd_key(int argc, char **argv)
{
	struct key_request request = { .algorithm = KEY_RSA3072, .days = 3650 };
	const char *directory = ".", *passphrase_file = NULL, *name;
	char passphrase[1024];
	bool is_import, has_algorithm = false;
	int option, err, code;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case OPTION_ALGO:
			has_algorithm = true;
			if (key_algorithm_parse(optarg, &request.algorithm))
				return usage_error("key", "%s: no such algorithm", optarg);
			break;
		case OPTION_OUT:
			directory = optarg;
			break;
		case OPTION_SUBJECT:
			request.subject = optarg;
			break;
		case OPTION_DAYS:
			if (parse_days(optarg, &request.days))
				return usage_error("key", "%s: not a number of days, 1 to %d",
					optarg, DAYS_MAX);
			break;
		case OPTION_PASSPHRASE_FILE:
			passphrase_file = optarg;
			break;
		case OPTION_FORCE:
			request.replace = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (argc - optind != 2)
		return usage_error("key", "expected: new NAME, or import PUBLIC.gpg");
	is_import = !strcmp(argv[optind], "import");
	if (!is_import && strcmp(argv[optind], "new"))
		return usage_error("key", "expected: new NAME, or import PUBLIC.gpg");
	name = argv[optind + 1];
	if (is_import && has_algorithm)
		return usage_error("key", "import: the algorithm is the key's own, without --algo");
	if (is_import)
		;
	else if (!*name || strchr(name, '/') || strlen(name) > 200)
		return usage_error("key", "%s: not a name: put the folder into --out", name);
	if (passphrase_file) {
		err = passphrase_read_file(passphrase_file, passphrase, sizeof(passphrase));
		if (err < 0) {
			complain("%s: cannot read a passphrase: %s", passphrase_file,
				strerror(-err));
			return EXIT_BAD_PASSPHRASE;
		}
		request.passphrase = passphrase;
	}
	code = is_import ? key_import(&(struct import_request){ .path = name,
				   .directory = directory,
				   .subject = request.subject,
				   .days = request.days,
				   .passphrase = request.passphrase,
				   .replace = request.replace })
			 : make_key(name, directory, &request);
	OPENSSL_cleanse(passphrase, sizeof(passphrase));
	return code;
}
