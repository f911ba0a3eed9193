// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/crypto.h>
#include "../../../lib/text/nearest.h"
#include "../cli.h"
#include "key_import.h"
#include "key_issue.h"
#include "key_make.h"
#include "../passphrase.h"
#include "../signer_option.h"

/* A hundred years; the date must stay within four digits (RFC 5280 section 4.1.2.5.2). */
#define DAYS_MAX 36500

struct key_command {
	struct key_request request;
	struct signer_options issuer;
	const char *directory, *passphrase_file;
	unsigned int algorithm; /* enum key_algorithm; OPTION_NOT_GIVEN */
};

static int run_new(struct key_command *command, const char *name)
{
	struct key_request *request = &command->request;
	struct signer *issuer = NULL;
	int code = EXIT_OK;

	if (!*name || strchr(name, '/') || strlen(name) > 200)
		return usage_error("%s: not a name: put the folder into --out", name);
	if (request->is_authority && command->issuer.key)
		return usage_error("--ca and --issuer: a CA made here is self-signed, and "
					  "issues to signers alone");
	if (command->issuer.key)
		code = issuer_option_load(&command->issuer, &issuer);
	if (code)
		return code;
	request->issuer = issuer;
	if (command->algorithm != OPTION_NOT_GIVEN)
		request->algorithm = command->algorithm;
	code = key_make(name, command->directory, request);
	signer_free(issuer);
	return code;
}

static int run_issue(struct key_command *command, const char *path)
{
	struct signer *issuer = NULL;
	int code;

	if (command->request.is_authority || command->algorithm != OPTION_NOT_GIVEN || command->passphrase_file)
		return usage_error("issue: the key exists already: do not give --ca, --algo, "
					  "--passphrase-file");
	if (!command->issuer.key)
		return usage_error("issue: --issuer is missing");
	code = issuer_option_load(&command->issuer, &issuer);
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
	if (command->algorithm != OPTION_NOT_GIVEN)
		return usage_error("import: the algorithm is the key's own, without --algo");
	if (command->request.is_authority || command->issuer.key)
		return usage_error("import: without --ca and --issuer: key issue takes the "
					  "certificate that import makes");
	return key_import(&(struct import_request){ .path = path,
		.directory = command->directory,
		.subject = command->request.subject,
		.days = command->request.days,
		.passphrase = command->request.passphrase,
		.replace = command->request.replace });
}

/* Somebody sits there: neither a script nor a pipe makes the key. */
static bool is_at_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* The passphrase is there for as long as it is needed. */
static int run_with_passphrase(struct key_command *command,
	int (*run)(struct key_command *command, const char *name), const char *name)
{
	char passphrase[1024];
	int err, code;

	if (run == run_new && !command->passphrase_file && is_at_terminal()) {
		err = passphrase_choose(passphrase, sizeof(passphrase));
		if (err < 0) {
			complain("no key was made: %s",
				err == -EINVAL ? "the passphrases are not the same" : "interrupted");
			return EXIT_BAD_PASSPHRASE;
		}
		if (err)
			command->request.passphrase = passphrase;
	}
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

static const struct option_word verb_words[] = { { "new", 0 }, { "issue", 0 }, { "import", 0 }, { 0 } };

static int complain_of_verb(int count, char **arguments)
{
	struct nearest nearest = { .word = count ? arguments[0] : "" };

	for (const struct option_word *verb = verb_words; verb->name; verb++)
		nearest_try(&nearest, verb->name);
	if (nearest.name && nearest.distance)
		return usage_unknown(arguments[0], "no such subcommand", "", nearest.name);
	return usage_error("expected: new NAME, issue REQUEST.csr|CERT, or import PUBLIC.gpg");
}

static int run_verb(struct key_command *command, int count, char **arguments)
{
	static const struct {
		const char *name;
		int (*run)(struct key_command *command, const char *name);
	} verbs[] = { { "new", run_new }, { "issue", run_issue }, { "import", run_import } };

	if ((command->issuer.certificate || command->issuer.passphrase_file) && !command->issuer.key)
		return usage_error("--issuer-cert and --issuer-passphrase-file are for --issuer");
	for (size_t i = 0; count == 2 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(arguments[0], verbs[i].name))
			return run_with_passphrase(command, verbs[i].run, arguments[1]);
	return complain_of_verb(count, arguments);
}

static const struct option_word algorithms[] = {
	{ "rsa3072", KEY_RSA3072 },
	{ "rsa4096", KEY_RSA4096 },
	{ "ecdsa-p256", KEY_ECDSA_P256 },
	{ 0 },
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "ca", NULL, "new: make a CA, whose key signs certificates and no code",
		OPTION_FIELD(struct key_command, request.is_authority) },
	{ OPTION_VALUE, 0, "issuer", "KEY",
		"new, issue: the key of the CA that issues the certificate, PEM; or pkcs11:URI, in a token",
		OPTION_FIELD(struct key_command, issuer.key), .offer = "*.key" },
	{ OPTION_VALUE, 0, "issuer-cert", "CERT",
		"its certificate (default: KEY with .crt in place of .key)",
		OPTION_FIELD(struct key_command, issuer.certificate), .offer = "*.crt" },
	{ OPTION_VALUE, 0, "issuer-passphrase-file", "F",
		"its passphrase is the first line of F (default: ask)",
		OPTION_FIELD(struct key_command, issuer.passphrase_file), .offer = OFFER_FILES },
	{ OPTION_WORD, 0, "algo", "A",
		"rsa3072 (default), rsa4096, ecdsa-p256 (not every kernel has ECDSA)",
		OPTION_FIELD(struct key_command, algorithm), .words = algorithms },
	{ OPTION_VALUE, 0, "out", "DIR", "where to put the files (default: here)",
		OPTION_FIELD(struct key_command, directory), .offer = OFFER_FOLDERS },
	{ OPTION_VALUE, 0, "subject", "TEXT",
		"the certificate's subject, \"CN=Build, O=Example\" (default: CN=NAME; issue: the one "
		"that is there)",
		OPTION_FIELD(struct key_command, request.subject) },
	{ OPTION_NUMBER, 0, "days", "N",
		"how long the certificate is valid (default: 3650); no longer than its issuer",
		OPTION_FIELD(struct key_command, request.days), .least = 1, .most = DAYS_MAX },
	{ OPTION_VALUE, 0, "passphrase-file", "F",
		"encrypt the key with the first line of F (default: new asks on a terminal, and does not "
		"encrypt it without an answer); import: the secret key's passphrase (default: gpg-agent "
		"asks)",
		OPTION_FIELD(struct key_command, passphrase_file), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "force", NULL, "overwrite existing files",
		OPTION_FIELD(struct key_command, request.replace) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct key_command settings = {
		.request = { .algorithm = KEY_RSA3072, .days = 3650 },
		.issuer.passphrase_option = "--issuer-passphrase-file",
		.directory = ".",
		.algorithm = OPTION_NOT_GIVEN,
	};
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	return run_verb(&settings, argc, argv);
}

const struct command key_command = {
	.name = "key",
	.summary = "make a signing key and its certificate",
	.usage = "new NAME [OPTION...]\nissue REQUEST.csr|CERT --issuer CA.key [OPTION...]\n"
		 "import PUBLIC.gpg [OPTION...]",
	.about = "Makes a signing key, NAME.key (mode 0600), and its certificate, NAME.crt, self-signed or\n"
		 "issued by a CA. The certificate, or the CA's and it, is what goes into the trust of the\n"
		 "hosts; the keys stay with the signer and the CA.\n"
		 "issue makes REQUEST.crt for a key that is elsewhere, by its request or old certificate.\n"
		 "import makes PUBLIC.crt for an OpenPGP key, RSA or NIST P-256: see sign.\n",
	.options = options,
	.run = run,
	.most = 2,
	.words = verb_words,
	.offer = OFFER_FILES,
};
