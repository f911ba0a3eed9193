// SPDX-License-Identifier: GPL-2.0-or-later
#include "store.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/sync_directory.h"
#include "../../lib/file/write_whole.h"
#include "../../lib/text/text.h"
#include "content.h"
#include "folder.h"
#include "sequences.h"

/* A set on its way: nobody reads that name. */
#define UNFINISHED "unfinished"

/* Whether it is worth trying again: the machine was short of something, or somebody was writing. */
static bool is_passing(int err)
{
	switch (err) {
	case -ENOSPC:
	case -EDQUOT:
	case -ENOMEM:
	case -EAGAIN:
	case -EIO:
	case -EMFILE:
	case -ENFILE:
	case -EINTR:
		return true;
	}
	return false;
}

static int read_manifests(const struct handover *from, struct fleet_bytes *group, struct fleet_bytes *host,
	struct fleet_refusal *refusal)
{
	int err = handover_read_manifest(from, FLEET_GROUP_FILE, &group->bytes, &group->size);

	if (err)
		return fleet_refuse(refusal, err, FLEET_GROUP_FILE ": %s", strerror(-err));
	err = handover_read_manifest(from, FLEET_HOST_FILE, &host->bytes, &host->size);
	if (!err || err == -ENOENT)
		return 0;
	refusal->scope = FLEET_HOST;
	return fleet_refuse(refusal, err, FLEET_HOST_FILE ": %s", strerror(-err));
}

/* Of one manifest: is it newer than what was taken, or the same; and is its time not over. */
static int check_sequence(const struct fleet_taking *taking, const struct fleet_sequences *sequences,
	const struct fleet_manifest *manifest, struct fleet_refusal *refusal)
{
	const struct fleet_sequence *known = fleet_sequences_find(sequences, manifest->scope, manifest->name);
	int newer = fleet_sequences_check(sequences, manifest);
	char until[32];

	refusal->scope = manifest->scope;
	refusal->sequence = manifest->sequence;
	if (newer == -ESTALE)
		return fleet_refuse(refusal, newer, "it is older than what this machine has taken: sequence %llu",
			(unsigned long long)known->sequence);
	if (newer == -EEXIST)
		return fleet_refuse(refusal, newer, "another one with sequence %llu was taken before",
			(unsigned long long)known->sequence);
	/* What was taken before goes on to count: it is stale then. */
	if (newer == 1 && taking->now > manifest->valid_until) {
		print_time(until, (__u64)manifest->valid_until);
		return fleet_refuse(refusal, -ETIME, "expired, by this machine's clock: it was valid until %s", until);
	}
	return 0;
}

/* Whoever keeps a host's own state back would undo it: only a newer one of the host does that. */
static int check_missing_host(const struct fleet_taking *taking, const struct fleet_sequences *sequences,
	const struct fleet_set *set, struct fleet_refusal *refusal)
{
	const struct fleet_sequence *known = taking->machine->host && !fleet_set_has_host(set) ?
		fleet_sequences_find(sequences, FLEET_HOST, taking->machine->host) :
		NULL;

	if (!known)
		return 0;
	refusal->scope = FLEET_HOST;
	refusal->sequence = 0;
	return fleet_refuse(refusal, -ESTALE,
		"this machine has taken a state of its own, sequence %llu, and the set has none",
		(unsigned long long)known->sequence);
}

static int check_sequences(const struct fleet_taking *taking, const struct fleet_sequences *sequences,
	const struct fleet_set *set, struct fleet_refusal *refusal)
{
	int err = check_sequence(taking, sequences, &set->group, refusal);

	if (!err && fleet_set_has_host(set))
		err = check_sequence(taking, sequences, &set->host, refusal);
	return err ? err : check_missing_host(taking, sequences, set, refusal);
}

/* The file, from the spool, or a second name of the one that the current set has. */
static int place_blob(const struct fleet_taking *taking, const struct handover *from, const char *folder,
	const struct fleet_blob *blob)
{
	char path[PATH_MAX], current[PATH_MAX], old[PATH_MAX];
	int err = fleet_blob_path(folder, blob, path), fd;

	if (err)
		return err;
	if (taking->current && !fleet_store_folder(taking->store, taking->current->digest, current) &&
		!fleet_blob_path(current, blob, old) && !link(old, path)) {
		if (!fleet_blob_verify(folder, blob))
			return 0;
		unlink(path);
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	err = handover_copy_blob(from, blob, fd, taking->go_on, taking->context);
	if (!err && fsync(fd))
		err = -errno;
	close(fd);
	return err;
}

static int place_blobs(const struct fleet_taking *taking, const struct handover *from, const char *folder,
	const struct fleet_set *set, struct fleet_refusal *refusal)
{
	for (size_t i = 0; i < set->merged.blob_count; i++) {
		const struct fleet_blob *blob = &set->merged.blobs[i];
		int err = place_blob(taking, from, folder, blob);
		char hex[2 * DIGSIG_DIGEST_SIZE + 1];

		if (!err && taking->go_on && !taking->go_on(taking->context))
			err = -EINTR;
		if (!err)
			continue;
		print_hex(hex, blob->digest, sizeof(blob->digest));
		return fleet_refuse(refusal, err, "%s %.16s...: %s", fleet_blob_kind_name(blob->kind), hex,
			err == -EBADMSG ? "its bytes are not those that the manifest names" : strerror(-err));
	}
	return 0;
}

static int write_manifests(const char *folder, const struct fleet_bytes *group, const struct fleet_bytes *host)
{
	char path[PATH_MAX];
	int err = fleet_path(path, folder, FLEET_GROUP_FILE);

	if (!err)
		err = file_write_whole(path, group->bytes, group->size);
	if (err || !host->bytes)
		return err;
	err = fleet_path(path, folder, FLEET_HOST_FILE);
	return err ? err : file_write_whole(path, host->bytes, host->size);
}

static int lead_to(const char *store, const char *digest)
{
	char path[PATH_MAX], made[PATH_MAX], target[8 + 2 * DIGSIG_DIGEST_SIZE];
	int err = fleet_path(path, store, FLEET_CURRENT);

	if (!err)
		err = fleet_path(made, store, FLEET_CURRENT ".new");
	if (err)
		return err;
	snprintf(target, sizeof(target), "set/%s", digest);
	unlink(made);
	if (symlink(target, made) || rename(made, path))
		return -errno;
	sync_directory_of(path);
	return 0;
}

/* Gives the finished set its name, notes its sequences, and has `current` lead to it. */
static int switch_to(const char *store, const char *unfinished, const struct fleet_set *set,
	struct fleet_sequences *sequences)
{
	char folder[PATH_MAX], path[PATH_MAX];
	int err = fleet_store_folder(store, set->digest, folder);

	if (!err)
		err = fleet_sequences_note(sequences, &set->group);
	if (!err && fleet_set_has_host(set))
		err = fleet_sequences_note(sequences, &set->host);
	if (!err)
		err = fleet_path(path, store, FLEET_SEQUENCES);
	if (err)
		return err;
	/* It is not the current one, or that is damaged. */
	fleet_folder_remove(folder);
	if (rename(unfinished, folder))
		return -errno;
	sync_directory_of(folder);
	err = fleet_sequences_write(path, sequences);
	return err ? err : lead_to(store, set->digest);
}

/* Everything that is written, below a name that nobody reads. */
static int build(const struct fleet_taking *taking, const struct handover *from, const char *folder,
	const struct fleet_bytes *group, const struct fleet_bytes *host, const struct fleet_set *set,
	struct fleet_refusal *refusal)
{
	int err = fleet_folder_make(taking->store, folder);

	if (err)
		return fleet_refuse(refusal, err, "%s: %s", folder, strerror(-err));
	err = place_blobs(taking, from, folder, set, refusal);
	if (!err)
		err = fleet_content_check(taking, folder, set, refusal);
	if (err)
		return err;
	err = write_manifests(folder, group, host);
	if (!err)
		err = fleet_folder_sync(folder);
	return err ? fleet_refuse(refusal, err, "%s: %s", folder, strerror(-err)) : 0;
}

/* All that can be known without a blob. 1: it is the current set. */
static int check_manifests(const struct fleet_taking *taking, const struct fleet_set *set,
	struct fleet_sequences *sequences, struct fleet_refusal *refusal)
{
	struct fleet_problem problem;
	char path[PATH_MAX];
	int err = fleet_path(path, taking->store, FLEET_SEQUENCES);

	if (err)
		return fleet_refuse(refusal, err, "%s", strerror(-err));
	err = fleet_sequences_read(path, sequences, &problem);
	if (err)
		return fleet_refuse(refusal, err, "%s", problem.text);
	/* The set says the same, should the file be lost. */
	if (taking->current && fleet_sequences_check(sequences, &taking->current->group) == 1)
		err = fleet_sequences_note(sequences, &taking->current->group);
	if (!err && taking->current && fleet_set_has_host(taking->current) &&
		fleet_sequences_check(sequences, &taking->current->host) == 1)
		err = fleet_sequences_note(sequences, &taking->current->host);
	if (err)
		return fleet_refuse(refusal, err, "%s", strerror(-err));
	err = check_sequences(taking, sequences, set, refusal);
	return !err && taking->current && !strcmp(taking->current->digest, set->digest) ? 1 : err;
}

static int take(const struct fleet_taking *taking, const struct handover *from, const struct fleet_bytes *group,
	const struct fleet_bytes *host, const struct fleet_set *set, struct fleet_refusal *refusal)
{
	struct fleet_sequences sequences = { 0 };
	char unfinished[PATH_MAX];
	int err = check_manifests(taking, set, &sequences, refusal), is_current = err == 1;

	if (!err) {
		err = fleet_store_folder(taking->store, UNFINISHED, unfinished);
		if (!err)
			err = build(taking, from, unfinished, group, host, set, refusal);
		if (!err) {
			err = switch_to(taking->store, unfinished, set, &sequences);
			if (err)
				fleet_refuse(refusal, err, "%s: %s", taking->store, strerror(-err));
		}
		if (err)
			fleet_folder_remove(unfinished);
	}
	fleet_sequences_free(&sequences);
	return is_current ? 0 : err ? err : 1;
}

int fleet_store_take(const struct fleet_taking *taking, const struct handover *from, struct fleet_set *set,
	struct fleet_refusal *refusal)
{
	struct fleet_bytes group = { 0 }, host = { 0 };
	int err;

	*set = (struct fleet_set){ 0 };
	*refusal = (struct fleet_refusal){ 0 };
	err = read_manifests(from, &group, &host, refusal);
	if (!err)
		err = fleet_set_parse(taking->machine, &group, &host, set, refusal);
	if (!err) {
		/* From here on it is about the whole, which has the group's number. */
		refusal->scope = FLEET_GROUP;
		refusal->sequence = set->group.sequence;
		err = take(taking, from, &group, &host, set, refusal);
	}
	free(group.bytes);
	free(host.bytes);
	if (err != 1)
		fleet_set_free(set);
	refusal->is_passing = is_passing(err) || err == -ETIME;
	return err;
}

static int remove_others(const char *sets, const char *current, bool (*visit)(void *context, const char *folder),
	void *context)
{
	DIR *directory = opendir(sets);
	struct dirent *entry;

	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(directory))) {
		char folder[PATH_MAX];

		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, current) ||
			fleet_path(folder, sets, entry->d_name))
			continue;
		if (!visit || !strcmp(entry->d_name, UNFINISHED) || visit(context, folder))
			fleet_folder_remove(folder);
	}
	closedir(directory);
	return 0;
}

int fleet_store_clean(const char *store, bool (*visit)(void *context, const char *folder), void *context)
{
	int fd = open(store, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;
	char target[PATH_MAX] = "", sets[PATH_MAX], *name;
	ssize_t length;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	length = readlinkat(fd, FLEET_CURRENT, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = 0;
	name = strrchr(target, '/');
	if (flock(fd, LOCK_EX | LOCK_NB))
		err = errno == EWOULDBLOCK ? -EBUSY : -errno;
	else if (!(err = fleet_path(sets, store, "set")))
		err = remove_others(sets, name ? name + 1 : "", visit, context);
	close(fd);
	return err;
}
