// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_import.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <openssl/pem.h>
#include "../../lib/file/write_whole.h"
#include "../../lib/text/text.h"
#include "../trust/gpg_certificate.h"
#include "cli.h"

/* PUBLIC.gpg becomes DIR/PUBLIC.crt. */
static int output_path(const struct import_request *request, char *path, size_t size)
{
	const char *slash = strrchr(request->path, '/');
	const char *name = slash ? slash + 1 : request->path;
	const char *dot = strrchr(name, '.');
	int length = dot && dot != name ? (int)(dot - name) : (int)strlen(name);

	return snprintf(path, size, "%s/%.*s.crt", request->directory, length, name) < (int)size
		? 0
		: -ENAMETOOLONG;
}

static int write_certificate(const char *path, X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes;
	long size;
	int err = -EIO;

	if (bio && PEM_write_bio_X509(bio, certificate) == 1) {
		size = BIO_get_mem_data(bio, &bytes);
		err = file_write_whole(path, bytes, (size_t)size);
	}
	BIO_free(bio);
	return err;
}

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
	err = write_certificate(path, certificate);
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

	if (output_path(request, path, sizeof(path)))
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
