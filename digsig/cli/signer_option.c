// SPDX-License-Identifier: GPL-2.0-or-later
#include "signer_option.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <openssl/crypto.h>
#include "../../lib/text/number.h"
#include "../file/sign.h"
#include "../trust/chain.h"
#include "../trust/gpg.h"
#include "../trust/token.h"
#include "../trust/validity.h"
#include "cli.h"
#include "passphrase.h"

const struct command_option signer_option_table[] = {
	{ OPTION_VALUE, 0, "key", "KEY", "the private key, PEM; or pkcs11:URI, in a token",
		OPTION_FIELD(struct signer_options, key), .offer = "*.key" },
	{ OPTION_VALUE, 0, "cert", "CERT",
		"its certificate (default: KEY with .crt in place of .key; the one on the token)",
		OPTION_FIELD(struct signer_options, certificate), .offer = "*.crt" },
	{ OPTION_VALUE, 0, "gpg", "USER", "sign by gpg-agent, with the user's key that --cert is of",
		OPTION_FIELD(struct signer_options, user) },
	{ OPTION_VALUE, 0, "passphrase-file", "F",
		"the key's passphrase is the first line of F (default: ask)",
		OPTION_FIELD(struct signer_options, passphrase_file), .offer = OFFER_FILES },
	{ 0 },
};

int identity_option_take(void *field, char *identity)
{
	if (!identity_is_valid(identity))
		return usage_error("--identity: not 1 to 64 bytes of UTF-8 without control characters");
	*(const char **)field = identity;
	return EXIT_OK;
}

int signing_time_find(__u64 *seconds)
{
	const char *given = getenv("SOURCE_DATE_EPOCH");

	if (!given || !*given) {
		*seconds = (__u64)time(NULL);
		return EXIT_OK;
	}
	if (!number_parse(given, 0, ~0ULL, seconds))
		return EXIT_OK;
	complain("SOURCE_DATE_EPOCH is not a number of seconds: unset it");
	return EXIT_USAGE;
}

static int default_certificate(const char *key, char *path, size_t size)
{
	size_t length = strlen(key);

	if (length > 4 && !strcmp(key + length - 4, ".key"))
		length -= 4;
	return snprintf(path, size, "%.*s.crt", (int)length, key) < (int)size ? 0 : -ENAMETOOLONG;
}

static bool is_about_passphrase(enum signer_problem problem)
{
	return problem == SIGNER_PROBLEM_PASSPHRASE || problem == SIGNER_PROBLEM_ENCRYPTED ||
		problem == SIGNER_PROBLEM_NO_PIN;
}

static int say_problem(
	const char *key, const char *certificate, enum signer_problem problem, int err)
{
	const char *file = problem == SIGNER_PROBLEM_CERTIFICATE_UNREADABLE ||
			problem == SIGNER_PROBLEM_CERTIFICATE_FORMAT ||
			problem == SIGNER_PROBLEM_CERTIFICATE_ALGORITHM ||
			problem == SIGNER_PROBLEM_MISMATCH || problem == SIGNER_PROBLEM_NO_KEY_ID ||
			problem == SIGNER_PROBLEM_AUTHORITY
		? certificate
		: key;

	if (problem == SIGNER_PROBLEM_KEY_UNREADABLE ||
		problem == SIGNER_PROBLEM_CERTIFICATE_UNREADABLE)
		complain("%s: %s: %s", file, signer_problem_meaning(problem), strerror(-err));
	else
		complain("%s: %s", file, signer_problem_meaning(problem));
	return problem == SIGNER_PROBLEM_PIN_LOCKED ? EXIT_BAD_PASSPHRASE : EXIT_ERROR;
}

/* The same where the key itself was to be opened. */
static int say_key_problem(const char *key, const struct signer_options *options,
	const struct passphrase_origin *origin, enum signer_problem problem, int err)
{
	if (!is_about_passphrase(problem))
		return say_problem(key, options->certificate ? options->certificate : key, problem,
			err);
	if (origin->file && origin->error)
		complain("%s: cannot read a passphrase: %s", origin->file,
			strerror(-origin->error));
	else
		complain("%s: %s: %s FILE takes it from the first line of FILE, and a terminal is "
			 "asked for it",
			key, signer_problem_meaning(problem),
			options->passphrase_option ? options->passphrase_option
						   : "--passphrase-file");
	return EXIT_BAD_PASSPHRASE;
}

/* Whoever reads the key decides what runs. What is no file, as /dev/fd/63, is nobody else's. */
static void warn_about_mode(const char *key)
{
	struct stat st;

	if (stat(key, &st) || !S_ISREG(st.st_mode) || !(st.st_mode & (S_IROTH | S_IWOTH)))
		return;
	complain("warning: %s: every user of this machine may %s the key (mode %04o): chmod 600 it, and "
		 "make a new one if somebody may have",
		key, st.st_mode & S_IROTH ? "read" : "overwrite", (unsigned int)st.st_mode & 07777);
}

/* Of certificates that end so soon a new one should be made. */
#define SOON (30 * 24 * 60 * 60)

static void warn_about_dates(const X509 *certificate)
{
	char *subject = certificate_subject(certificate), text[VALIDITY_TEXT_SIZE];
	const char *name = subject ? subject : "the certificate";
	struct certificate_validity validity;
	time_t now = time(NULL);

	certificate_validity(certificate, now, &validity);
	validity_describe(&validity, text);
	if (validity.state != VALIDITY_NOW)
		complain("warning: %s: %s: signed all the same, and refused where dates count: make "
			 "a new one",
			name, text);
	else if (validity.not_after - now < SOON)
		complain("warning: %s: %s, which is soon: make a new one", name, text);
	free(subject);
}

/* What a signer of code has to be. Lets go of it if it is not. */
static int take_signer(struct signer **signer, const char *certificate)
{
	enum signer_problem problem;
	int err = signer_check_purpose(*signer, &problem);

	if (!err) {
		warn_about_dates((*signer)->certificate);
		return EXIT_OK;
	}
	signer_free(*signer);
	*signer = NULL;
	return say_problem(certificate, certificate, problem, err);
}

int certificate_option_load(struct signer **signer, const char *certificate)
{
	enum signer_problem problem;
	int err = signer_of_certificate(signer, certificate, &problem);

	return err ? say_problem(certificate, certificate, problem, err)
		   : take_signer(signer, certificate);
}

static int load_gpg(struct signer **signer, const struct signer_options *options)
{
	const char *passphrase_file = options->passphrase_file;
	enum signer_problem problem;
	enum gpg_problem gpg_problem;
	char passphrase[1024];
	int err = 0;

	if (passphrase_file) {
		err = passphrase_read_file(passphrase_file, passphrase, sizeof(passphrase));
		if (err < 0) {
			complain("%s: cannot read a passphrase: %s", passphrase_file,
				strerror(-err));
			return EXIT_BAD_PASSPHRASE;
		}
	}
	err = gpg_signer_load(signer, options->user, options->certificate,
		passphrase_file ? passphrase : NULL, &problem, &gpg_problem);
	OPENSSL_cleanse(passphrase, sizeof(passphrase));
	if (!err)
		return EXIT_OK;
	if (problem != SIGNER_PROBLEM_KEY_ABSENT)
		return say_problem(options->user, options->certificate, problem, err);
	complain("%s: %s", options->user, gpg_problem_meaning(gpg_problem));
	return EXIT_ERROR;
}

/* Not even in an error is the URI shown: it may hold the PIN. */
static int load_token(struct signer **signer, const struct signer_options *options)
{
	struct passphrase_origin origin = { .file = options->passphrase_file };
	enum signer_problem problem;
	int err = token_signer_load(signer, options->key, options->certificate, passphrase_obtain,
		&origin, &problem);

	return err ? say_key_problem("pkcs11", options, &origin, problem, err) : EXIT_OK;
}

/* Also finds the certificate's path, if none is given. */
static int load(struct signer_options *options, char path[PATH_MAX], struct signer **signer)
{
	struct passphrase_origin origin = { .file = options->passphrase_file };
	enum signer_problem problem;
	int err;

	if (options->user)
		return load_gpg(signer, options);
	if (token_is_named(options->key))
		return load_token(signer, options);
	if (!options->certificate) {
		if (default_certificate(options->key, path, PATH_MAX))
			return usage_error("the key's path is too long");
		options->certificate = path;
	}
	err = signer_load(signer, options->key, options->certificate, passphrase_obtain,
		&origin, &problem);
	if (err)
		return say_key_problem(options->key, options, &origin, problem, err);
	warn_about_mode(options->key);
	return EXIT_OK;
}

int signer_option_check(const struct signer_options *options)
{
	if (options->key && options->user)
		return usage_error("--key and --gpg exclude each other");
	if (!options->key && !options->user)
		return usage_error("--key or --gpg is missing");
	if (options->user && !options->certificate)
		return usage_error("--gpg without --cert: make one with digsig key import");
	return EXIT_OK;
}

int signer_option_load(const struct signer_options *options, struct signer **signer)
{
	struct signer_options found = *options;
	char path[PATH_MAX];
	int code = load(&found, path, signer);

	if (code)
		return code;
	return take_signer(signer, found.certificate ? found.certificate : "pkcs11");
}

/* Why it issues no certificate; NULL: it may. text is room for that. */
static const char *why_not_issuer(const X509 *certificate, char text[VALIDITY_TEXT_SIZE])
{
	struct certificate_validity validity;

	if (!certificate_is_authority(certificate))
		return "not a CA's certificate, with CA:TRUE and keyCertSign: make one with "
		       "digsig key new --ca";
	certificate_validity(certificate, time(NULL), &validity);
	if (validity.state == VALIDITY_NOW)
		return NULL;
	validity_describe(&validity, text);
	return text;
}

int issuer_option_load(const struct signer_options *options, struct signer **signer)
{
	struct signer_options found = *options;
	char path[PATH_MAX], text[VALIDITY_TEXT_SIZE];
	int code = load(&found, path, signer);
	const char *why;

	if (code)
		return code;
	why = why_not_issuer((*signer)->certificate, text);
	if (!why)
		return EXIT_OK;
	complain("%s: %s", found.certificate ? found.certificate : "pkcs11", why);
	signer_free(*signer);
	*signer = NULL;
	return EXIT_ERROR;
}
