// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_new.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include "../../lib/file/sync_directory.h"
#include "../../lib/file/write_whole.h"
#include "certificate_make.h"

static EVP_PKEY *generate(enum key_algorithm algorithm)
{
	switch (algorithm) {
	case KEY_RSA3072:
		return EVP_RSA_gen(3072);
	case KEY_RSA4096:
		return EVP_RSA_gen(4096);
	case KEY_ECDSA_P256:
		return EVP_EC_gen("P-256");
	}
	return NULL;
}

/* A file under a temporary name beside its final one. */
struct new_file {
	const char *path;
	char temporary[PATH_MAX];
	bool exists; /* under the temporary name */
};

static int write_temporary(struct new_file *file, const char *path, mode_t mode, BIO *contents)
{
	char *bytes;
	long size = BIO_get_mem_data(contents, &bytes);
	int err, fd, length;

	file->path = path;
	length = snprintf(file->temporary, sizeof(file->temporary), "%s.XXXXXX", path);
	if (length < 0 || (size_t)length >= sizeof(file->temporary))
		return -ENAMETOOLONG;
	fd = mkostemp(file->temporary, O_CLOEXEC); /* mode 0600 from the first moment */
	if (fd < 0)
		return -errno;
	file->exists = true;
	err = file_write_all(fd, bytes, (size_t)size);
	if (!err && fchmod(fd, mode))
		err = -errno;
	if (!err && fsync(fd))
		err = -errno;
	close(fd);
	return err;
}

static int publish(struct new_file *file, bool replace)
{
	if (replace) {
		if (rename(file->temporary, file->path))
			return -errno;
		file->exists = false;
		return 0;
	}
	/* link(2) never overwrites, whatever appeared under the name meanwhile. */
	return link(file->temporary, file->path) ? -errno : 0;
}

/* Moves what is under the certificate's name to a name of its own; without one there is none. */
static int set_aside(struct new_file *old, const char *path)
{
	int fd, length, err;

	length = snprintf(old->temporary, sizeof(old->temporary), "%s.old.XXXXXX", path);
	if (length < 0 || (size_t)length >= sizeof(old->temporary))
		return -ENAMETOOLONG;
	fd = mkostemp(old->temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	close(fd);
	old->path = path;
	old->exists = !rename(path, old->temporary);
	if (old->exists)
		return 0;
	err = errno == ENOENT ? 0 : -errno;
	unlink(old->temporary);
	return err;
}

static int publish_new(struct new_file *key, struct new_file *certificate)
{
	int err = publish(key, false);

	if (err)
		return err;
	err = publish(certificate, false);
	if (err)
		unlink(key->path);
	return err;
}

/*
 * Two files cannot be replaced at once. The certificate goes first, because it can be put back: an
 * error leaves the old pair. A crash on the way leaves the old key with no certificate or with the
 * new one, which signing refuses as another key's; nothing is lost, because the old certificate is
 * then still there as NAME.crt.old.XXXXXX and the new key as NAME.key.XXXXXX.
 */
static int publish_over(struct new_file *key, struct new_file *certificate)
{
	struct new_file old = { 0 };
	int err = set_aside(&old, certificate->path);

	if (err)
		return err;
	err = publish(certificate, true);
	if (!err)
		err = publish(key, true);
	if (!err) {
		sync_directory_of(key->path);
		if (old.exists)
			unlink(old.temporary);
	} else if (old.exists) {
		/* If not even this succeeds, the old certificate stays under the other name. */
		publish(&old, true);
	} else if (!certificate->exists) {
		unlink(certificate->path);
	}
	return err;
}

static int write_pair(const struct key_request *request, BIO *key, BIO *certificate)
{
	struct new_file key_file = { 0 }, certificate_file = { 0 };
	int err;

	err = write_temporary(&key_file, request->key_path, 0600, key);
	if (!err)
		err = write_temporary(
			&certificate_file, request->certificate_path, 0644, certificate);
	if (!err)
		err = request->replace ? publish_over(&key_file, &certificate_file)
				       : publish_new(&key_file, &certificate_file);
	if (key_file.exists)
		unlink(key_file.temporary);
	if (certificate_file.exists)
		unlink(certificate_file.temporary);
	if (!err)
		sync_directory_of(request->key_path);
	return err;
}

static int make_certificate(const struct key_request *request, EVP_PKEY *key, X509 **made)
{
	const struct certificate_request wanted = { .subject = request->subject,
		.days = request->days,
		.key = key,
		.is_authority = request->is_authority };

	return request->issuer ? certificate_issue(&wanted, request->issuer, made)
			       : certificate_make(&wanted, key, made);
}

int key_new(const struct key_request *request)
{
	const char *passphrase = request->passphrase;
	BIO *key_pem = BIO_new(BIO_s_secmem()), *certificate_pem = BIO_new(BIO_s_mem());
	X509 *certificate = NULL;
	EVP_PKEY *key = NULL;
	int err = -EIO;

	if (!key_pem || !certificate_pem) {
		err = -ENOMEM;
		goto out;
	}
	/* Asked before the slow part; publish() makes sure. */
	if (!request->replace && (!access(request->key_path, F_OK) ||
					 !access(request->certificate_path, F_OK))) {
		err = -EEXIST;
		goto out;
	}
	key = generate(request->algorithm);
	if (!key)
		goto out;
	err = make_certificate(request, key, &certificate);
	if (err)
		goto out;
	err = -EIO;
	if (PEM_write_bio_PKCS8PrivateKey(key_pem, key, passphrase ? EVP_aes_256_cbc() : NULL,
		    passphrase, passphrase ? (int)strlen(passphrase) : 0, NULL, NULL) != 1 ||
		PEM_write_bio_X509(certificate_pem, certificate) != 1)
		goto out;
	err = write_pair(request, key_pem, certificate_pem);
out:
	X509_free(certificate);
	EVP_PKEY_free(key);
	BIO_free(key_pem);
	BIO_free(certificate_pem);
	ERR_clear_error();
	return err;
}
