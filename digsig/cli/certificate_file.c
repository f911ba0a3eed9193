// SPDX-License-Identifier: GPL-2.0-or-later
#include "certificate_file.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <openssl/pem.h>
#include "../../lib/file/write_whole.h"

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

int certificate_file_write(const char *path, X509 *certificate)
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
