// SPDX-License-Identifier: GPL-2.0-or-later
#include "signer_option.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <openssl/crypto.h>
#include "../trust/gpg.h"
#include "../trust/token.h"
#include "cli.h"
#include "passphrase.h"

int parse_decimal(const char *text, __u64 *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno || end == text || *end || text[strspn(text, "0123456789")] ? -EINVAL : 0;
}

int signing_time_find(__u64 *seconds)
{
	const char *given = getenv("SOURCE_DATE_EPOCH");

	if (!given || !*given) {
		*seconds = (__u64)time(NULL);
		return EXIT_OK;
	}
	if (!parse_decimal(given, seconds))
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

static int say_problem(
	const char *key, const char *certificate, enum signer_problem problem, int err)
{
	const char *file = problem == SIGNER_PROBLEM_CERTIFICATE_UNREADABLE ||
			problem == SIGNER_PROBLEM_CERTIFICATE_FORMAT ||
			problem == SIGNER_PROBLEM_CERTIFICATE_ALGORITHM ||
			problem == SIGNER_PROBLEM_MISMATCH || problem == SIGNER_PROBLEM_NO_KEY_ID
		? certificate
		: key;

	if (problem == SIGNER_PROBLEM_KEY_UNREADABLE ||
		problem == SIGNER_PROBLEM_CERTIFICATE_UNREADABLE)
		complain("%s: %s: %s", file, signer_problem_meaning(problem), strerror(-err));
	else
		complain("%s: %s", file, signer_problem_meaning(problem));
	return problem == SIGNER_PROBLEM_PASSPHRASE || problem == SIGNER_PROBLEM_PIN_LOCKED
		? EXIT_BAD_PASSPHRASE
		: EXIT_ERROR;
}

int certificate_option_load(struct signer **signer, const char *certificate)
{
	enum signer_problem problem;
	int err = signer_of_certificate(signer, certificate, &problem);

	return err ? say_problem(certificate, certificate, problem, err) : EXIT_OK;
}

int signer_option_load_gpg(struct signer **signer, const char *user, const char *certificate,
	const char *passphrase_file)
{
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
	err = gpg_signer_load(signer, user, certificate, passphrase_file ? passphrase : NULL,
		&problem, &gpg_problem);
	OPENSSL_cleanse(passphrase, sizeof(passphrase));
	if (!err)
		return EXIT_OK;
	if (problem != SIGNER_PROBLEM_KEY_ABSENT)
		return say_problem(user, certificate, problem, err);
	complain("%s: %s", user, gpg_problem_meaning(gpg_problem));
	return EXIT_ERROR;
}

int signer_option_load(const char *subcommand, struct signer **signer, const char *key,
	const char *certificate, const char *passphrase_file)
{
	enum signer_problem problem;
	char path[PATH_MAX];
	int err;

	/* Not even in an error: it may hold the PIN. */
	if (token_is_named(key)) {
		err = token_signer_load(signer, key, certificate, passphrase_obtain,
			(void *)passphrase_file, &problem);
		return err ? say_problem("pkcs11", certificate ? certificate : "pkcs11", problem,
				     err)
			   : EXIT_OK;
	}
	if (!certificate) {
		if (default_certificate(key, path, sizeof(path)))
			return usage_error(subcommand, "the key's path is too long");
		certificate = path;
	}
	err = signer_load(signer, key, certificate, passphrase_obtain, (void *)passphrase_file,
		&problem);
	return err ? say_problem(key, certificate, problem, err) : EXIT_OK;
}
