// SPDX-License-Identifier: GPL-2.0-or-later
#include "blob_file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/write_whole.h"
#include "../../lib/text/text.h"

static const char coming[] = "coming"; /* no digest is called so */

void blob_name(const struct fleet_blob *blob, char name[BLOB_NAME_SIZE])
{
	print_hex(name, blob->digest, sizeof(blob->digest));
}

static EVP_MD_CTX *hash_begin(void)
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();

	if (hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(hash);
		return NULL;
	}
	return hash;
}

static bool hash_is(EVP_MD_CTX *hash, const struct fleet_blob *blob)
{
	__u8 digest[EVP_MAX_MD_SIZE];

	return EVP_DigestFinal_ex(hash, digest, NULL) == 1 && !memcmp(digest, blob->digest, sizeof(blob->digest));
}

int blob_file_begin(struct blob_file *file, int folder)
{
	*file = (struct blob_file){ .folder = folder, .fd = -1, .hash = hash_begin() };
	if (!file->hash)
		return -ENOMEM;
	file->fd = openat(folder, coming, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (file->fd < 0) {
		int err = -errno;

		EVP_MD_CTX_free(file->hash);
		return err;
	}
	return 0;
}

int blob_file_add(struct blob_file *file, const void *bytes, size_t size)
{
	file->size += size;
	if (EVP_DigestUpdate(file->hash, bytes, size) != 1)
		return -ENOMEM;
	return file_write_all(file->fd, bytes, size);
}

void blob_file_drop(struct blob_file *file)
{
	EVP_MD_CTX_free(file->hash);
	if (file->fd >= 0)
		close(file->fd);
	unlinkat(file->folder, coming, 0);
}

int blob_file_end(struct blob_file *file, const struct fleet_blob *blob)
{
	char name[BLOB_NAME_SIZE];
	int err = 0;

	blob_name(blob, name);
	if (file->size != blob->size || !hash_is(file->hash, blob))
		err = -EBADMSG;
	else if (fsync(file->fd) || renameat(file->folder, coming, file->folder, name))
		err = -errno;
	blob_file_drop(file);
	return err;
}

static bool has_digest(int fd, const struct fleet_blob *blob)
{
	EVP_MD_CTX *hash = hash_begin();
	bool same = hash != NULL;
	char bytes[16384];
	ssize_t got = 1;

	while (same && (got = read(fd, bytes, sizeof(bytes))) > 0)
		same = EVP_DigestUpdate(hash, bytes, (size_t)got) == 1;
	same = same && !got && hash_is(hash, blob);
	EVP_MD_CTX_free(hash);
	return same;
}

bool blob_file_is(int folder, const char *path, const struct fleet_blob *blob)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool same = false;
	struct stat st;

	if (fd < 0)
		return false;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && (__u64)st.st_size == blob->size)
		same = has_digest(fd, blob);
	close(fd);
	return same;
}
