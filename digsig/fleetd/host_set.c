// SPDX-License-Identifier: GPL-2.0-or-later
/* From accepted states to a set that is ready. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../fleet/parts.h"
#include "blob_file.h"
#include "host_parts.h"

static void again_later(struct fleet_host *host)
{
	host->fetch_at = host_now() + backoff_next(&host->fetch_again);
}

static void disk_failed(struct fleet_host *host, int err)
{
	host_problem(host, TOPIC_SET, "%s: %s", host->settings.folder, strerror(-err));
	again_later(host);
}

/* One part of it. 0; -EBADMSG: it is not of the size that it must have; an error of the link, or of the disk: *is_disk. */
static int fetch_part(struct fleet_host *host, struct blob_file *file, const struct fleet_blob *blob, unsigned int part,
	char *problem, bool *is_disk)
{
	char subject[FLEET_SUBJECT_MAX];
	struct fleet_message message = { 0 };
	size_t size = fleet_part_size(blob->size, part);
	int err;

	fleet_blob_subject(blob->digest, part, subject);
	err = fleet_link_last(host->link, FLEET_STREAM_BLOBS, subject, size, &message, problem);
	if (err)
		return err;
	if (message.size == size) {
		err = blob_file_add(file, message.bytes, size);
		*is_disk = err != 0;
	} else {
		err = -EBADMSG;
	}
	fleet_message_free(&message);
	return err;
}

static int fetch_parts(struct fleet_host *host, struct blob_file *file, const struct fleet_blob *blob, unsigned int *part,
	char *problem, bool *is_disk)
{
	unsigned int count = fleet_parts_count(blob->size);
	int err = 0;

	for (*part = 0; !err && *part < count; (*part)++)
		err = fetch_part(host, file, blob, *part, problem, is_disk);
	*part -= err != 0;
	return err;
}

static void say_failure(struct fleet_host *host, const char *name, unsigned int part, int err, const char *problem)
{
	switch (err) {
	case -ENOENT:
		host_problem(host, TOPIC_SET, "blob %s: part %u is not on the server yet", name, part);
		break;
	case -EBADMSG:
	case -EMSGSIZE:
		host_problem(host, TOPIC_SET, "blob %s: what the server has is not what was signed: it is refused", name);
		break;
	default:
		host_link_failed(host, err, problem);
		return;
	}
	again_later(host);
}

/* Whether it is there now. */
static bool fetch_blob(struct fleet_host *host, const struct fleet_blob *blob)
{
	char name[BLOB_NAME_SIZE], problem[FLEET_LINK_PROBLEM] = "";
	struct blob_file file;
	unsigned int part = 0;
	bool is_disk = false;
	int err = blob_file_begin(&file, host->store.blobs);

	if (err)
		return disk_failed(host, err), false;
	blob_name(blob, name);
	err = fetch_parts(host, &file, blob, &part, problem, &is_disk);
	if (err) {
		blob_file_drop(&file);
	} else {
		err = blob_file_end(&file, blob);
		is_disk = err && err != -EBADMSG;
	}
	if (is_disk)
		disk_failed(host, err);
	else if (err)
		say_failure(host, name, part, err, problem);
	return !err;
}

/* The next blob that is missing; NULL: none is. */
static const struct fleet_blob *missing_blob(const struct fleet_host *host)
{
	for (size_t i = 0; i < SCOPES; i++) {
		const struct fleet_manifest *manifest = &host->accepted[i].state.manifest;

		for (size_t j = 0; j < manifest->blob_count; j++)
			if (!set_store_has(&host->store, &manifest->blobs[j]))
				return &manifest->blobs[j];
	}
	return NULL;
}

static void publish_set(struct fleet_host *host)
{
	const struct fleet_state *group = &host->accepted[FLEET_GROUP].state, *own = &host->accepted[FLEET_HOST].state;
	char text[FLEET_HOST_PROBLEM];
	int err = set_store_publish(&host->store, group, own);

	if (err) {
		host->is_begun = false;
		disk_failed(host, err);
		return;
	}
	host_problem(host, TOPIC_SET, "%s", "");
	host->is_incomplete = host->is_begun = false;
	backoff_reset(&host->fetch_again);
	host->accepted[FLEET_GROUP].ready = group->manifest.sequence;
	host->accepted[FLEET_HOST].ready = own->bytes ? own->manifest.sequence : 0;
	host_changed(host);
	if (!host->settings.report)
		return;
	snprintf(text, sizeof(text), "the state %llu of the group %s is here", (unsigned long long)group->manifest.sequence,
		host->settings.group);
	if (own->bytes)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), ", and %llu of this host",
			(unsigned long long)own->manifest.sequence);
	host->settings.report(host->settings.closure, text);
}

void host_fetch(struct fleet_host *host)
{
	const struct fleet_state *group = &host->accepted[FLEET_GROUP].state, *own = &host->accepted[FLEET_HOST].state;
	const struct fleet_blob *blob;
	int err;

	/* A host's own state lies over its group's, and waits for it. */
	if (!group->bytes) {
		host->is_incomplete = false;
		return;
	}
	if (!host->is_begun) {
		err = set_store_begin(&host->store, group, own);
		if (err) {
			disk_failed(host, err);
			return;
		}
		host->is_begun = true;
	}
	blob = missing_blob(host);
	if (!blob)
		publish_set(host);
	else
		fetch_blob(host, blob);
}
