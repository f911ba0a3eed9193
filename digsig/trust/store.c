// SPDX-License-Identifier: GPL-2.0-or-later
#include "store.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include "certificate_roles.h"

/* A bundle of every public CA is 230 KiB; what is larger is not a certificate file. */
#define CERTIFICATE_FILE_MAX (4 << 20)

struct trust_store {
	STACK_OF(X509) *certificates; /* all that were added */
	struct store_roles roles; /* what becomes of them */
	bool refuses_expired;
	char bad_file[PATH_MAX];
};

int trust_store_new(struct trust_store **store)
{
	struct trust_store *made = calloc(1, sizeof(*made));

	if (!made)
		return -ENOMEM;
	made->certificates = sk_X509_new_null();
	if (!made->certificates) {
		free(made);
		return -ENOMEM;
	}
	*store = made;
	return 0;
}

void trust_store_free(struct trust_store *store)
{
	if (!store)
		return;
	certificate_roles_free(&store->roles);
	sk_X509_pop_free(store->certificates, X509_free);
	free(store);
}

/* After every change, since one more certificate may be a CA. */
static int update_roles(struct trust_store *store)
{
	struct store_roles roles;
	int err = certificate_roles_find(store->certificates, store->refuses_expired, &roles);

	if (err)
		return err;
	certificate_roles_free(&store->roles);
	store->roles = roles;
	return 0;
}

int trust_store_refuse_expired(struct trust_store *store, bool refuse)
{
	bool before = store->refuses_expired;
	int err;

	store->refuses_expired = refuse;
	err = update_roles(store);
	if (err)
		store->refuses_expired = before;
	return err;
}

static int push_certificate(STACK_OF(X509) *certificates, X509 *certificate)
{
	if (sk_X509_push(certificates, certificate) > 0)
		return 0;
	X509_free(certificate);
	return -ENOMEM;
}

/* Everything in the file that is not a certificate, such as a comment, is skipped. */
static int parse_pem(STACK_OF(X509) *certificates, BIO *bio)
{
	int found = 0;

	for (;;) {
		X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
		int err;

		if (!certificate)
			break;
		err = push_certificate(certificates, certificate);
		if (err)
			return err;
		found++;
	}
	if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		found = -EBADMSG;
	ERR_clear_error();
	return found;
}

static int parse_certificates(STACK_OF(X509) *certificates, const unsigned char *bytes, int size)
{
	const unsigned char *at = bytes;
	X509 *certificate;
	int found;
	BIO *bio = BIO_new_mem_buf(bytes, size);

	if (!bio)
		return -ENOMEM;
	found = parse_pem(certificates, bio);
	BIO_free(bio);
	if (found)
		return found < 0 ? found : 0;

	certificate = d2i_X509(NULL, &at, size);
	ERR_clear_error();
	if (!certificate)
		return -EBADMSG;
	if (at != bytes + size) {
		X509_free(certificate);
		return -EBADMSG;
	}
	return push_certificate(certificates, certificate);
}

static int read_file(STACK_OF(X509) *certificates, int fd)
{
	unsigned char *bytes = NULL;
	size_t size = 0;
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > CERTIFICATE_FILE_MAX)
		return -EBADMSG;
	bytes = malloc((size_t)st.st_size);
	if (!bytes)
		return -ENOMEM;
	while (size < (size_t)st.st_size) {
		ssize_t got = read(fd, bytes + size, (size_t)st.st_size - size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			err = got ? -errno : -EIO;
			goto out;
		}
		size += (size_t)got;
	}
	err = parse_certificates(certificates, bytes, (int)size);
out:
	free(bytes);
	return err;
}

static int read_file_at(struct trust_store *store, STACK_OF(X509) *certificates, int directory,
	const char *path, const char *shown)
{
	int err, fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		err = -errno;
	} else {
		err = read_file(certificates, fd);
		close(fd);
	}
	if (err)
		snprintf(store->bad_file, sizeof(store->bad_file), "%s", shown);
	return err;
}

static int is_certificate_name(const struct dirent *entry)
{
	static const char *const suffixes[] = { ".pem", ".crt", ".cer", ".der" };
	size_t length = strlen(entry->d_name);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (length > 4 && !strcmp(entry->d_name + length - 4, suffixes[i]))
			return 1;
	return 0;
}

static int read_directory(
	struct trust_store *store, STACK_OF(X509) *certificates, int fd, const char *path)
{
	struct dirent **entries;
	int err = 0, count = scandirat(fd, ".", &entries, is_certificate_name, alphasort);

	if (count < 0)
		return -errno;
	if (count == 0)
		err = -ENODATA;
	for (int i = 0; i < count; i++) {
		char shown[PATH_MAX];

		snprintf(shown, sizeof(shown), "%s/%s", path, entries[i]->d_name);
		if (!err)
			err = read_file_at(store, certificates, fd, entries[i]->d_name, shown);
		free(entries[i]);
	}
	free(entries);
	return err;
}

static bool has_certificate(const struct trust_store *store, const X509 *certificate)
{
	for (int i = 0; i < sk_X509_num(store->certificates); i++)
		if (!X509_cmp(sk_X509_value(store->certificates, i), certificate))
			return true;
	return false;
}

/* Moves what is new from certificates into the store. */
static int move_new_certificates(struct trust_store *store, STACK_OF(X509) *certificates)
{
	int before = sk_X509_num(store->certificates), err;

	/* Reserved first, so that no push below can fail and leave half of a file added. */
	if (!sk_X509_reserve(store->certificates, sk_X509_num(certificates)))
		return -ENOMEM;
	while (sk_X509_num(certificates) > 0) {
		X509 *certificate = sk_X509_shift(certificates);

		if (has_certificate(store, certificate))
			X509_free(certificate);
		else
			sk_X509_push(store->certificates, certificate);
	}
	err = update_roles(store);
	while (err && sk_X509_num(store->certificates) > before)
		X509_free(sk_X509_pop(store->certificates));
	return err;
}

int trust_store_add(struct trust_store *store, const char *path, const char **bad_file)
{
	STACK_OF(X509) *certificates = sk_X509_new_null();
	struct stat st;
	int err, fd;

	if (!certificates)
		return -ENOMEM;
	snprintf(store->bad_file, sizeof(store->bad_file), "%s", path);
	if (bad_file)
		*bad_file = store->bad_file;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		err = -errno;
		goto out;
	}
	if (fstat(fd, &st))
		err = -errno;
	else if (S_ISDIR(st.st_mode))
		err = read_directory(store, certificates, fd, path);
	else
		err = read_file(certificates, fd);
	close(fd);
	if (!err)
		err = move_new_certificates(store, certificates);
out:
	sk_X509_pop_free(certificates, X509_free);
	return err;
}

int trust_store_add_certificate(struct trust_store *store, X509 *certificate)
{
	STACK_OF(X509) *certificates = sk_X509_new_null();
	int err;

	if (!certificates)
		return -ENOMEM;
	X509_up_ref(certificate);
	err = push_certificate(certificates, certificate);
	if (!err)
		err = move_new_certificates(store, certificates);
	sk_X509_pop_free(certificates, X509_free);
	return err;
}

int trust_store_add_bytes(struct trust_store *store, const void *bytes, size_t size)
{
	STACK_OF(X509) *certificates;
	int err;

	if (!size || size > CERTIFICATE_FILE_MAX)
		return -EBADMSG;
	certificates = sk_X509_new_null();
	if (!certificates)
		return -ENOMEM;
	err = parse_certificates(certificates, bytes, (int)size);
	if (!err)
		err = move_new_certificates(store, certificates);
	sk_X509_pop_free(certificates, X509_free);
	return err;
}

static const struct certificate_roles *nth(
	const struct trust_store *store, unsigned int role, size_t index)
{
	for (size_t i = 0; i < store->roles.count; i++)
		if (store->roles.certificates[i].roles & role && !index--)
			return &store->roles.certificates[i];
	return NULL;
}

size_t trust_store_count(const struct trust_store *store)
{
	size_t count = 0;

	for (size_t i = 0; i < store->roles.count; i++)
		count += (store->roles.certificates[i].roles & ROLE_SIGNER) != 0;
	return count;
}

X509 *trust_store_certificate(const struct trust_store *store, size_t index)
{
	const struct certificate_roles *found = nth(store, ROLE_SIGNER, index);

	return found ? found->certificate : NULL;
}

bool trust_store_is_issued(const struct trust_store *store, size_t index)
{
	const struct certificate_roles *found = nth(store, ROLE_SIGNER, index);

	return found && found->roles & ROLE_ISSUED;
}

X509 *trust_store_authority(const struct trust_store *store, size_t index)
{
	const struct certificate_roles *found = nth(store, ROLE_AUTHORITY, index);

	return found ? found->certificate : NULL;
}

X509 *trust_store_left_out(const struct trust_store *store, size_t index, const char **why)
{
	const struct certificate_roles *found = nth(store, ROLE_LEFT_OUT, index);

	if (!found)
		return NULL;
	*why = found->why;
	return found->certificate;
}

void trust_store_describe(const char *path, const char *bad_file, int err, char *text, size_t size)
{
	if (err == -EBADMSG)
		snprintf(text, size, "%s: not a certificate: give X.509 in PEM or DER form",
			bad_file);
	else if (err == -ENODATA)
		snprintf(text, size,
			"%s: no certificate in this directory: put *.crt, *.pem, *.cer or *.der "
			"there",
			path);
	else
		snprintf(text, size, "%s: the trust cannot be read: %s", bad_file, strerror(-err));
}
