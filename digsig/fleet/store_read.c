// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/read_small.h"
#include "folder.h"
#include "store.h"

int fleet_store_folder(const char *store, const char *digest, char *folder)
{
	return snprintf(folder, PATH_MAX, "%s/set/%s", store, digest) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int fleet_store_hold(const char *store)
{
	int fd = open(store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_SH)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int read_manifest(const char *folder, const char *name, struct fleet_bytes *bytes)
{
	char path[PATH_MAX];
	int err = fleet_path(path, folder, name);

	if (err)
		return err;
	bytes->bytes = malloc(FLEET_MANIFEST_MAX + 1);
	err = bytes->bytes ? file_read_small(AT_FDCWD, path, bytes->bytes, FLEET_MANIFEST_MAX, &bytes->size) : -ENOMEM;
	if (err) {
		free(bytes->bytes);
		bytes->bytes = NULL;
	}
	return err;
}

static int parse_set(
	const char *folder, const struct fleet_machine *machine, struct fleet_set *set, struct fleet_refusal *refusal)
{
	struct fleet_bytes group = { 0 }, host = { 0 };
	int err = read_manifest(folder, FLEET_GROUP_FILE, &group);

	if (err) {
		fleet_refuse(refusal, err, FLEET_GROUP_FILE ": %s", strerror(-err));
	} else {
		err = read_manifest(folder, FLEET_HOST_FILE, &host);
		if (err == -ENOENT)
			err = 0;
		else if (err)
			fleet_refuse(refusal, err, FLEET_HOST_FILE ": %s", strerror(-err));
	}
	if (!err)
		err = fleet_set_parse(machine, &group, &host, set, refusal);
	free(group.bytes);
	free(host.bytes);
	return err;
}

static int check_blobs(const char *folder, const struct fleet_set *set, struct fleet_refusal *refusal)
{
	for (size_t i = 0; i < set->merged.blob_count; i++) {
		const struct fleet_blob *blob = &set->merged.blobs[i];
		char path[PATH_MAX];
		int err = fleet_blob_verify(folder, blob);

		if (!err)
			continue;
		if (fleet_blob_path("", blob, path))
			path[0] = 0;
		return fleet_refuse(refusal, err, "%.100s: %s", path + 1,
			err == -EBADMSG ? "it is damaged" : strerror(-err));
	}
	return 0;
}

/* The folder that `current` leads to; its name is said again by what is in it. */
static int find_current(const char *store, char *folder, char *digest, time_t *taken)
{
	char path[PATH_MAX], target[5 + 2 * DIGSIG_DIGEST_SIZE];
	struct stat st;
	ssize_t length;

	if (fleet_path(path, store, FLEET_CURRENT))
		return -ENAMETOOLONG;
	length = readlink(path, target, sizeof(target));
	if (length < 0 || lstat(path, &st))
		return -errno;
	if ((size_t)length != sizeof(target) - 1 || strncmp(target, "set/", 4))
		return -EINVAL;
	target[length] = 0;
	strcpy(digest, target + 4);
	if (taken)
		*taken = st.st_mtime;
	return strchr(digest, '/') ? -EINVAL : fleet_store_folder(store, digest, folder);
}

int fleet_store_read(const char *store, const struct fleet_machine *machine, struct fleet_set *set, time_t *taken,
	struct fleet_refusal *refusal)
{
	char folder[PATH_MAX], digest[2 * DIGSIG_DIGEST_SIZE + 1];
	int err = find_current(store, folder, digest, taken);

	*set = (struct fleet_set){ 0 };
	*refusal = (struct fleet_refusal){ 0 };
	if (err == -ENOENT)
		return err;
	if (err)
		return fleet_refuse(refusal, err, FLEET_CURRENT ": %s", strerror(-err));
	err = parse_set(folder, machine, set, refusal);
	if (!err && strcmp(set->digest, digest))
		err = fleet_refuse(refusal, -EBADMSG, "the manifests are not those of the set's name");
	if (!err)
		err = check_blobs(folder, set, refusal);
	if (err)
		fleet_set_free(set);
	/* The link is there: whatever is missing behind it is damage. */
	return err == -ENOENT ? -EBADMSG : err;
}
