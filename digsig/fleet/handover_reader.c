// SPDX-License-Identifier: GPL-2.0-or-later
#include "handover_reader.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../../lib/file/write_whole.h"
#include "../../lib/text/text.h"

#define PIECE ((size_t)1 << 20)

/* "set/" and 1 to 19 digits. */
static bool is_set(const char *target)
{
	size_t digits;

	if (strncmp(target, "set/", 4))
		return false;
	digits = strspn(target + 4, "0123456789");
	return digits && digits < 20 && !target[4 + digits];
}

/*
 * The owner of the spool could mount something of their own inside it (FUSE), and let root wait there. Kernels and filters
 * that do not know openat2 are asked for one name at a time, which leaves the mounts alone to trust.
 */
static int open_beneath(int folder, const char *path, __u64 flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC | O_NOFOLLOW,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};
	long fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));

	if (fd < 0 && errno == ENOSYS && !strchr(path, '/'))
		fd = openat(folder, path, (int)how.flags);
	return fd < 0 ? -errno : (int)fd;
}

static int open_folder(int folder, const char *name)
{
	return open_beneath(folder, name, O_PATH | O_DIRECTORY);
}

int handover_look(const char *spool, struct handover_mark *mark)
{
	int folder = open(spool, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), err = 0;
	struct stat st = { 0 };
	ssize_t length;

	*mark = (struct handover_mark){ 0 };
	if (folder < 0)
		return -errno;
	length = readlinkat(folder, FLEET_READY, mark->target, sizeof(mark->target));
	if (length < 0)
		err = -errno;
	/* Of anything else than a link as well: it is said once. */
	if (fstatat(folder, FLEET_READY, &st, AT_SYMLINK_NOFOLLOW) && !err)
		err = -errno;
	close(folder);
	mark->inode = st.st_ino;
	mark->made = st.st_mtim;
	if (!err && (size_t)length < sizeof(mark->target) && !memchr(mark->target, 0, (size_t)length)) {
		mark->target[length] = 0;
		if (is_set(mark->target))
			return 0;
	}
	mark->target[0] = 0;
	return err ? err : -EINVAL;
}

bool handover_is_same(const struct handover_mark *one, const struct handover_mark *other)
{
	return !strcmp(one->target, other->target) && one->inode == other->inode &&
		one->made.tv_sec == other->made.tv_sec && one->made.tv_nsec == other->made.tv_nsec;
}

static int open_set(int spool, const char *number)
{
	int sets = open_folder(spool, "set"), fd;

	if (sets < 0)
		return sets;
	fd = open_folder(sets, number);
	close(sets);
	return fd;
}

int handover_open(const char *spool, const struct handover_mark *mark, struct handover *set)
{
	int folder = open(spool, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), err;
	struct stat st;

	*set = (struct handover){ .folder = -1, .blobs = -1 };
	if (!is_set(mark->target))
		err = -EINVAL;
	else if (folder < 0 || fstat(folder, &st))
		err = -errno;
	else
		err = set->folder = open_set(folder, mark->target + 4);
	if (folder >= 0)
		close(folder);
	if (err < 0)
		return err;
	set->owner = st.st_uid;
	set->blobs = open_folder(set->folder, FLEET_BLOB_FOLDER);
	if (set->blobs < 0 && set->blobs != -ENOENT) {
		err = set->blobs;
		handover_close(set);
		return err;
	}
	return 0;
}

void handover_close(struct handover *set)
{
	if (set->folder >= 0)
		close(set->folder);
	if (set->blobs >= 0)
		close(set->blobs);
	*set = (struct handover){ .folder = -1, .blobs = -1 };
}

/*
 * First without opening it for reading: a FIFO, a device or somebody else's file, which a hard link can bring here, is never
 * opened as such. O_NONBLOCK: a lease of the owner's is not waited for.
 */
static int open_file(const struct handover *set, int folder, const char *name)
{
	int found = open_beneath(folder, name, O_PATH), fd;
	char path[64];
	struct stat st;

	if (found < 0)
		return found == -ELOOP ? -EINVAL : found;
	if (fstat(found, &st)) {
		fd = -errno;
	} else if (!S_ISREG(st.st_mode)) {
		fd = -EINVAL;
	} else if (st.st_uid != set->owner) {
		fd = -EPERM;
	} else {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", found);
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (fd < 0)
			fd = -errno;
	}
	close(found);
	return fd;
}

/* As much of size as there is. */
static ssize_t read_some(int fd, void *bytes, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t more = read(fd, (char *)bytes + got, size - got);

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return -errno;
		if (!more)
			break;
		got += (size_t)more;
	}
	return (ssize_t)got;
}

int handover_read_manifest(const struct handover *set, const char *name, char **bytes, size_t *size)
{
	int fd = open_file(set, set->folder, name);
	ssize_t got;

	*bytes = NULL;
	if (fd < 0)
		return fd;
	*bytes = malloc(FLEET_MANIFEST_MAX + 1);
	got = *bytes ? read_some(fd, *bytes, FLEET_MANIFEST_MAX + 1) : -ENOMEM;
	close(fd);
	if (got > FLEET_MANIFEST_MAX)
		got = -EFBIG;
	if (got >= 0) {
		*size = (size_t)got;
		(*bytes)[got] = 0;
		return 0;
	}
	free(*bytes);
	*bytes = NULL;
	return (int)got;
}

struct copy {
	int from, to;
	__u64 left;
	EVP_MD_CTX *hash;
	char *piece;
	bool (*go_on)(void *context);
	void *context;
};

/* The bytes that were said, and no more: what follows them is not even read. */
static int copy_bytes(struct copy *copy)
{
	while (copy->left) {
		size_t size = copy->left < PIECE ? (size_t)copy->left : PIECE;
		ssize_t got = read_some(copy->from, copy->piece, size);
		int err;

		if (got < 0)
			return (int)got;
		if ((size_t)got < size)
			return -EBADMSG;
		if (EVP_DigestUpdate(copy->hash, copy->piece, size) != 1)
			return -ENOMEM;
		err = file_write_all(copy->to, copy->piece, size);
		if (err)
			return err;
		copy->left -= size;
		if (copy->go_on && !copy->go_on(copy->context))
			return -EINTR;
	}
	return read_some(copy->from, copy->piece, 1) ? -EBADMSG : 0;
}

static int copy_and_hash(struct copy *copy, const struct fleet_blob *blob)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	int err = -ENOMEM;

	copy->hash = EVP_MD_CTX_new();
	copy->piece = malloc(PIECE);
	if (copy->hash && copy->piece && EVP_DigestInit_ex(copy->hash, EVP_sha256(), NULL) == 1)
		err = copy_bytes(copy);
	if (!err && (EVP_DigestFinal_ex(copy->hash, digest, NULL) != 1 ||
			    memcmp(digest, blob->digest, sizeof(digest))))
		err = -EBADMSG;
	EVP_MD_CTX_free(copy->hash);
	free(copy->piece);
	return err;
}

int handover_copy_blob(const struct handover *set, const struct fleet_blob *blob, int to,
	bool (*go_on)(void *context), void *context)
{
	struct copy copy = { .to = to, .left = blob->size, .go_on = go_on, .context = context };
	char name[2 * DIGSIG_DIGEST_SIZE + 1];
	int err;

	if (blob->size > FLEET_BLOB_MAX)
		return -EFBIG;
	if (set->blobs < 0)
		return -ENOENT;
	print_hex(name, blob->digest, DIGSIG_DIGEST_SIZE);
	copy.from = open_file(set, set->blobs, name);
	if (copy.from < 0)
		return copy.from;
	err = copy_and_hash(&copy, blob);
	close(copy.from);
	return err;
}
