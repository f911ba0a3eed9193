// SPDX-License-Identifier: GPL-2.0-or-later
#include "set_store.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/text/number.h"
#include "../../lib/text/text.h"
#include "../fleet/handover.h"
#include "blob_file.h"
#include "folder.h"

static const char partial[] = "partial";

int set_store_open(const char *folder, struct set_store *store)
{
	int err;

	*store = (struct set_store){ .folder = folder_make(AT_FDCWD, folder), .sets = -1, .blobs = -1 };
	if (store->folder < 0)
		return store->folder;
	store->sets = folder_make(store->folder, "set");
	if (store->sets >= 0)
		return 0;
	err = store->sets;
	close(store->folder);
	return err;
}

void set_store_close(struct set_store *store)
{
	if (store->blobs >= 0)
		close(store->blobs);
	close(store->sets);
	close(store->folder);
}

int set_store_read(const struct set_store *store, const char *name, struct fleet_state *state)
{
	struct fleet_problem problem;
	char path[64], *bytes;
	size_t size;
	int err;

	snprintf(path, sizeof(path), FLEET_READY "/%s", name);
	err = folder_read(store->folder, path, FLEET_MANIFEST_MAX, &bytes, &size);
	return err ? err : fleet_state_read(bytes, size, NULL, state, &problem);
}

struct wanted {
	const struct fleet_state *states[2];
};

static bool is_wanted(const struct wanted *wanted, const char *name)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];

	if (!parse_hex(name, digest, sizeof(digest)))
		return false;
	for (size_t i = 0; i < 2; i++) {
		const struct fleet_manifest *manifest = &wanted->states[i]->manifest;

		for (size_t j = 0; j < manifest->blob_count; j++)
			if (!memcmp(manifest->blobs[j].digest, digest, sizeof(digest)))
				return true;
	}
	return false;
}

static int remove_unwanted(void *closure, int folder, const char *name)
{
	return is_wanted(closure, name) ? 0 : folder_remove(folder, name);
}

static int open_partial(struct set_store *store)
{
	int folder = folder_make(store->sets, partial), blobs;

	if (folder < 0)
		return folder;
	blobs = folder_make(folder, FLEET_BLOB_FOLDER);
	close(folder);
	return blobs;
}

int set_store_begin(struct set_store *store, const struct fleet_state *group, const struct fleet_state *host)
{
	struct wanted wanted = { { group, host } };

	if (store->blobs >= 0)
		close(store->blobs);
	store->blobs = open_partial(store);
	if (store->blobs < 0)
		return store->blobs;
	return folder_visit(store->blobs, remove_unwanted, &wanted);
}

bool set_store_has(const struct set_store *store, const struct fleet_blob *blob)
{
	char name[BLOB_NAME_SIZE], ready[sizeof(FLEET_READY "/" FLEET_BLOB_FOLDER "/") + BLOB_NAME_SIZE];
	struct stat st;

	blob_name(blob, name);
	/* It got its name when it was complete and synced. */
	if (!fstatat(store->blobs, name, &st, AT_SYMLINK_NOFOLLOW))
		return true;
	snprintf(ready, sizeof(ready), FLEET_READY "/" FLEET_BLOB_FOLDER "/%s", name);
	/* What a bad disk has changed must not go from set to set. */
	return blob_file_is(store->folder, ready, blob) && !linkat(store->folder, ready, store->blobs, name, 0);
}

static int find_highest(void *closure, int folder, const char *name)
{
	__u64 number, *highest = closure;

	(void)folder;
	if (!number_parse(name, 1, ULLONG_MAX, &number) && number > *highest)
		*highest = number;
	return 0;
}

/* The number of the set that is ready; 0: none is. */
static __u64 ready_number(const struct set_store *store)
{
	char target[64];
	ssize_t size = readlinkat(store->folder, FLEET_READY, target, sizeof(target) - 1);
	__u64 number = 0;

	if (size <= 0)
		return 0;
	target[size] = '\0';
	if (!strncmp(target, "set/", 4) && !number_parse(target + 4, 1, ULLONG_MAX, &number))
		return number;
	return 0;
}

struct kept {
	__u64 newest, before;
};

static int remove_older(void *closure, int folder, const char *name)
{
	const struct kept *kept = closure;
	__u64 number;

	if (!strcmp(name, partial))
		return 0;
	if (!number_parse(name, 1, ULLONG_MAX, &number) && (number == kept->newest || number == kept->before))
		return 0;
	return folder_remove(folder, name);
}

static int write_manifests(
	const struct set_store *store, const struct fleet_state *group, const struct fleet_state *host)
{
	int folder = folder_make(store->sets, partial), err;

	if (folder < 0)
		return folder;
	err = folder_write(folder, FLEET_GROUP_FILE, group->bytes, group->size);
	if (!err && host->bytes)
		err = folder_write(folder, FLEET_HOST_FILE, host->bytes, host->size);
	else if (!err)
		err = folder_remove(folder, FLEET_HOST_FILE);
	if (!err && (fsync(store->blobs) || fsync(folder)))
		err = -errno;
	close(folder);
	return err;
}

static int make_ready(const struct set_store *store, __u64 number)
{
	char target[32];

	snprintf(target, sizeof(target), "set/%llu", (unsigned long long)number);
	if (renameat(store->sets, partial, store->sets, target + 4) || fsync(store->sets))
		return -errno;
	if (unlinkat(store->folder, FLEET_READY ".new", 0) && errno != ENOENT)
		return -errno;
	if (symlinkat(target, store->folder, FLEET_READY ".new") ||
		renameat(store->folder, FLEET_READY ".new", store->folder, FLEET_READY) || fsync(store->folder))
		return -errno;
	return 0;
}

int set_store_publish(struct set_store *store, const struct fleet_state *group, const struct fleet_state *host)
{
	struct kept kept = { .before = ready_number(store) };
	int err = write_manifests(store, group, host);

	if (!err)
		err = folder_visit(store->sets, find_highest, &kept.newest);
	if (err)
		return err;
	kept.newest = (kept.newest > kept.before ? kept.newest : kept.before) + 1;
	err = make_ready(store, kept.newest);
	if (err)
		return err;
	close(store->blobs);
	store->blobs = -1;
	/* digsigd may be reading the one before. What cannot be removed is tried again by the next one. */
	folder_visit(store->sets, remove_older, &kept);
	return 0;
}
