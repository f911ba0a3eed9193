// SPDX-License-Identifier: GPL-2.0-or-later
#include "certificate_file.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <openssl/pem.h>
#include "../../../lib/file/write_whole.h"
#include "../../../lib/text/text.h"
#include "../../trust/signer.h"
#include "../cli.h"

int certificate_file_path(const char *directory, const char *of, char *path, size_t size)
{
	const char *slash = strrchr(of, '/');
	const char *name = slash ? slash + 1 : of;
	const char *dot = strrchr(name, '.');
	int length = dot && dot != name ? (int)(dot - name) : (int)strlen(name);

	return snprintf(path, size, "%s/%.*s.crt", directory, length, name) < (int)size
		? 0
		: -ENAMETOOLONG;
}

static int write_pem(const char *path, X509 *certificate)
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

int certificate_file_finish(
	const char *path, X509 *certificate, int err, const char *subject, const char *key)
{
	if (err == -EINVAL) {
		complain("%s: not a subject: write it like \"CN=Build, O=Example\"", subject);
		return EXIT_USAGE;
	}
	if (err) {
		complain("%s: the certificate is not signed: %s", key, signing_error_meaning(-err));
		return err == -EKEYREJECTED || err == -ECANCELED ? EXIT_BAD_PASSPHRASE : EXIT_ERROR;
	}
	err = write_pem(path, certificate);
	X509_free(certificate);
	if (err) {
		complain("%s: cannot be written: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	print_safely(stdout, path);
	return EXIT_OK;
}
