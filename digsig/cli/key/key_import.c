// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_import.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../trust/gpg_certificate.h"
#include "certificate_file.h"
#include "../cli.h"

static int make(const struct import_request *request, const char *path, const struct gpg_key *key)
{
	const char *subject = request->subject ? request->subject : key->user;
	bool is_self_signed = false;
	X509 *certificate = NULL;
	int err = gpg_certificate_make(
		key, subject, request->days, request->passphrase, &certificate, &is_self_signed);
	int code = certificate_file_finish(path, certificate, err, subject, request->path);

	if (!code)
		puts(is_self_signed ? ": self-signed"
				    : ": not self-signed, as the secret key is not here");
	return code;
}

int key_import(const struct import_request *request)
{
	enum gpg_problem problem;
	struct gpg_key key;
	char path[PATH_MAX];
	int code;

	if (certificate_file_path(request->directory, request->path, path, sizeof(path)))
		return usage_error("the path is too long");
	if (access(request->path, R_OK)) {
		complain("%s: cannot be read: %s", request->path, strerror(errno));
		return EXIT_ERROR;
	}
	if (!request->replace && !access(path, F_OK)) {
		complain("%s: exists already: use --force to overwrite it", path);
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
