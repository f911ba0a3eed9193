// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_import.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/text/text.h"
#include "../trust/gpg_certificate.h"
#include "certificate_file.h"
#include "cli.h"

static int make(const struct import_request *request, const char *path, const struct gpg_key *key)
{
	const char *subject = request->subject ? request->subject : key->user;
	bool is_self_signed = false;
	X509 *certificate = NULL;
	int err = gpg_certificate_make(
		key, subject, request->days, request->passphrase, &certificate, &is_self_signed);

	if (err == -EINVAL) {
		complain("%s: not a subject: write it like \"CN=Build, O=Example\"", subject);
		return EXIT_USAGE;
	}
	if (err) {
		complain("%s: the certificate is not signed: %s", request->path,
			signing_error_meaning(-err));
		return err == -EKEYREJECTED || err == -ECANCELED ? EXIT_BAD_PASSPHRASE : EXIT_ERROR;
	}
	err = certificate_file_write(path, certificate);
	X509_free(certificate);
	if (err) {
		complain("%s: cannot be written: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	print_safely(stdout, path);
	puts(is_self_signed ? ": self-signed" : ": not self-signed, as the secret key is not here");
	return EXIT_OK;
}

int key_import(const struct import_request *request)
{
	enum gpg_problem problem;
	struct gpg_key key;
	char path[PATH_MAX];
	int code;

	if (certificate_file_path(request->directory, request->path, path, sizeof(path)))
		return usage_error("key", "the path is too long");
	if (access(request->path, R_OK)) {
		complain("%s: cannot be read: %s", request->path, strerror(errno));
		return EXIT_ERROR;
	}
	if (!request->replace && !access(path, F_OK)) {
		complain("%s: is there already: use --force to overwrite it", path);
		return EXIT_ERROR;
	}
	if (gpg_key_read(request->path, &key, &problem)) {
		complain("%s: %s", request->path, gpg_problem_meaning(problem));
		return problem == GPG_PROBLEM_NO_GPG ? EXIT_ERROR : EXIT_UNSUPPORTED;
	}
	code = make(request, path, &key);
	EVP_PKEY_free(key.key);
	return code;
}
