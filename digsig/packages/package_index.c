// SPDX-License-Identifier: GPL-2.0-or-later
#include "package_index.h"
#include <errno.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <linux/types.h>
#include "../../lib/time/clock.h"
#include "dpkg.h"

enum {
	NUMBER_BITS = 16, /* of an entry: the package's number; the others are of the hash */
	ROOM_LEAST = 16 << 10,
	NAMES_STEP = 4096,
};

/* What tells that lists have changed: dpkg renames new ones into their folder. */
struct stamp {
	struct timespec lists, diversions;
	ino_t diversions_inode;
};

struct package_index {
	char *root, *folder;
	unsigned int look_every;
	__u64 looked_at; /* milliseconds of CLOCK_MONOTONIC */
	bool has_looked;
	struct stamp stamp; /* of what was read */
	unsigned char secret[16];
	EVP_MD_CTX *context;
	__u64 *entries; /* in order, when they are complete */
	size_t count, room;
	char *names; /* one behind the other, each with its NUL */
	size_t names_size, names_room;
	__u32 *offsets; /* of names, by number */
	size_t package_count, offsets_room;
	char last[DPKG_PATH_ROOM]; /* while it is read: the path of the last entry, "": of another package */
};

int package_index_new(const char *root, const char *folder, unsigned int look_every, struct package_index **made)
{
	struct package_index *index = calloc(1, sizeof(*index));

	if (!index)
		return -ENOMEM;
	index->root = strdup(root);
	index->folder = strdup(folder);
	index->look_every = look_every;
	index->context = EVP_MD_CTX_new();
	arc4random_buf(index->secret, sizeof(index->secret));
	if (!index->root || !index->folder || !index->context) {
		package_index_free(index);
		return -ENOMEM;
	}
	if (EVP_DigestInit_ex2(index->context, EVP_sha256(), NULL) != 1) {
		package_index_free(index);
		return -EIO;
	}
	*made = index;
	return 0;
}

void package_index_free(struct package_index *index)
{
	EVP_MD_CTX_free(index->context);
	free(index->root);
	free(index->folder);
	free(index->entries);
	free(index->names);
	free(index->offsets);
	free(index);
}

/* With the bits of the number 0. */
static bool hash_path(struct package_index *index, const char *path, __u64 *hash)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (EVP_DigestInit_ex2(index->context, NULL, NULL) != 1 ||
		EVP_DigestUpdate(index->context, index->secret, sizeof(index->secret)) != 1 ||
		EVP_DigestUpdate(index->context, path, strlen(path)) != 1 ||
		EVP_DigestFinal_ex(index->context, digest, NULL) != 1)
		return false;
	memcpy(hash, digest, sizeof(*hash));
	*hash = *hash >> NUMBER_BITS << NUMBER_BITS;
	return true;
}

static bool is_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.:_~";

	return *name && strlen(name) <= PACKAGE_NAME_MAX && !name[strspn(name, allowed)];
}

static int grow(void **array, size_t *room, size_t wanted, size_t element)
{
	void *grown;

	if (wanted <= *room)
		return 0;
	grown = reallocarray(*array, wanted, element);
	if (!grown)
		return -ENOMEM;
	*array = grown;
	*room = wanted;
	return 0;
}

static int add_package(struct package_index *index, const char *name)
{
	size_t size = strlen(name) + 1, wanted = (index->names_size + size + NAMES_STEP - 1) / NAMES_STEP * NAMES_STEP;
	int err = grow((void **)&index->names, &index->names_room, wanted, 1);

	if (!err && index->package_count == index->offsets_room)
		err = grow((void **)&index->offsets, &index->offsets_room, index->offsets_room + NAMES_STEP, sizeof(__u32));
	if (err)
		return err;
	memcpy(index->names + index->names_size, name, size);
	index->offsets[index->package_count++] = (__u32)index->names_size;
	index->names_size += size;
	*index->last = '\0';
	return 0;
}

static const char *name_of(const struct package_index *index, size_t number)
{
	return index->names + index->offsets[number];
}

/* A folder's line stands before those of what is in it. */
static bool is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return length && !strncmp(path, folder, length) && path[length] == '/';
}

static int add_path(void *closure, const char *path, const char *package)
{
	struct package_index *index = closure;
	__u64 hash;
	int err;

	if (!is_name(package))
		return 0;
	if (!index->package_count || strcmp(name_of(index, index->package_count - 1), package)) {
		err = index->package_count < PACKAGE_INDEX_PACKAGES_MAX ? add_package(index, package) : 1;
		if (err)
			return err;
	}
	if (is_below(path, index->last))
		index->count--;
	if (index->count == PACKAGE_INDEX_FILES_MAX)
		return 1; /* what is there counts */
	if (index->count == index->room) {
		err = grow((void **)&index->entries, &index->room, index->room ? 2 * index->room : ROOM_LEAST, sizeof(__u64));
		if (err)
			return err;
	}
	if (!hash_path(index, path, &hash))
		return -EIO;
	index->entries[index->count++] = hash | (index->package_count - 1);
	snprintf(index->last, sizeof(index->last), "%s", path);
	return 0;
}

static void sift_down(__u64 *heap, size_t at, size_t count)
{
	__u64 value = heap[at];

	for (size_t child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && heap[child + 1] > heap[child])
			child++;
		if (heap[child] <= value)
			break;
		heap[at] = heap[child];
	}
	heap[at] = value;
}

/* Heapsort: qsort(3) would take as much memory once more. */
static void sort(__u64 *entries, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sift_down(entries, i, count);
	for (size_t i = count; i-- > 1;) {
		__u64 largest = entries[0];

		entries[0] = entries[i];
		entries[i] = largest;
		sift_down(entries, 0, i);
	}
}

static struct stamp look(const struct package_index *index)
{
	struct stamp stamp = { 0 };
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/info", index->folder);
	if (!stat(path, &st))
		stamp.lists = st.st_mtim;
	snprintf(path, sizeof(path), "%s/diversions", index->folder);
	if (!stat(path, &st)) {
		stamp.diversions = st.st_mtim;
		stamp.diversions_inode = st.st_ino;
	}
	return stamp;
}

static bool is_same_time(const struct timespec *one, const struct timespec *other)
{
	return one->tv_sec == other->tv_sec && one->tv_nsec == other->tv_nsec;
}

static bool is_same(const struct stamp *one, const struct stamp *other)
{
	return is_same_time(&one->lists, &other->lists) && is_same_time(&one->diversions, &other->diversions) &&
		one->diversions_inode == other->diversions_inode;
}

static void read_lists(struct package_index *index)
{
	struct dpkg *dpkg;
	int err = dpkg_open(index->root, index->folder, &dpkg);

	index->count = index->package_count = index->names_size = 0;
	*index->last = '\0';
	if (err)
		return;
	err = dpkg_visit(dpkg, add_path, index);
	dpkg_close(dpkg);
	if (err < 0)
		index->count = 0;
	sort(index->entries, index->count);
}

/* Reads the lists if it has not, or if they have changed. */
static void refresh(struct package_index *index)
{
	__u64 now = clock_now() / CLOCK_MILLISECOND;
	struct stamp stamp;

	if (index->has_looked && now < index->looked_at + index->look_every)
		return;
	stamp = look(index);
	if (!index->has_looked || !is_same(&stamp, &index->stamp)) {
		index->stamp = stamp;
		read_lists(index);
	}
	index->has_looked = true;
	/* The time that it took does not count: lists that change all the time do not take all the time. */
	index->looked_at = clock_now() / CLOCK_MILLISECOND;
}

const char *package_index_find(struct package_index *index, const char *path)
{
	size_t begin = 0, end;
	__u64 hash;

	refresh(index);
	if (!hash_path(index, path, &hash))
		return NULL;
	for (end = index->count; begin < end;) {
		size_t middle = begin + (end - begin) / 2;

		if (index->entries[middle] < hash)
			begin = middle + 1;
		else
			end = middle;
	}
	if (begin == index->count || index->entries[begin] >> NUMBER_BITS != hash >> NUMBER_BITS)
		return NULL;
	return name_of(index, index->entries[begin] & ((1U << NUMBER_BITS) - 1));
}
