// SPDX-License-Identifier: GPL-2.0-or-later
/* Blobs on the server. Their names are their digests: what is there is not published again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../../lib/text/text.h"
#include "../../fleet/blob_fetch.h"
#include "../../fleet/parts.h"
#include "../cli.h"
#include "fleet_file.h"

static int complain_of(const char *what, const char *problem)
{
	complain("%s: %s", what, problem);
	return EXIT_ERROR;
}

/* A part that is there already has to be the same: a server that was broken into may have put another one there. */
static int compare_or_replace(
	struct fleet_link *link, const char *subject, const char *bytes, size_t size, char *problem)
{
	struct fleet_message there;
	int err = fleet_link_last(link, FLEET_STREAM_BLOBS, subject, FLEET_PART_SIZE, &there, problem);
	bool is_same = !err && there.size == size && !memcmp(there.bytes, bytes, size);

	fleet_message_free(&there);
	if (err && err != -EMSGSIZE && err != -ENOENT)
		return err;
	return is_same ? 0 : fleet_link_publish(link, subject, bytes, size, FLEET_LINK_ANY, problem);
}

int fleet_file_publish(struct fleet_link *link, const struct fleet_file *file)
{
	char subject[FLEET_SUBJECT_MAX], problem[FLEET_LINK_PROBLEM];
	const char *bytes = file->bytes;

	for (unsigned int part = 0; part < fleet_parts_count(file->blob.size); part++) {
		size_t size = fleet_part_size(file->blob.size, part);
		int err;

		fleet_blob_subject(file->blob.digest, part, subject);
		err = fleet_link_publish(link, subject, bytes, size, 0, problem);
		if (err == -EAGAIN)
			err = compare_or_replace(link, subject, bytes, size, problem);
		if (err)
			return complain_of(file->path, problem);
		bytes += size;
	}
	return EXIT_OK;
}

int fleet_blob_check(struct fleet_link *link, const struct fleet_blob *blob)
{
	char problem[FLEET_LINK_PROBLEM], hex[2 * DIGSIG_DIGEST_SIZE + 1];
	void *bytes;
	int err = fleet_blob_fetch(link, blob, &bytes, problem);

	if (!err) {
		free(bytes);
		return EXIT_OK;
	}
	print_hex(hex, blob->digest, sizeof(blob->digest));
	if (err == -ENOENT || err == -EBADMSG || err == -EMSGSIZE)
		complain("%s %s: the server does not have it: %s: name its file", fleet_blob_kind_name(blob->kind), hex, problem);
	else
		complain("%s %s: %s", fleet_blob_kind_name(blob->kind), hex, problem);
	return EXIT_ERROR;
}
