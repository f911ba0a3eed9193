// SPDX-License-Identifier: GPL-2.0-or-later
#include "blob_fetch.h"
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "names.h"
#include "parts.h"

static int fail(char *problem, int err, const char *words)
{
	snprintf(problem, FLEET_LINK_PROBLEM, "%s", words);
	return err;
}

static int fetch_part(
	struct fleet_link *link, const struct fleet_blob *blob, unsigned int part, char *at, char *problem)
{
	size_t size = fleet_part_size(blob->size, part);
	char subject[FLEET_SUBJECT_MAX];
	struct fleet_message message;
	int err;

	fleet_blob_subject(blob->digest, part, subject);
	err = fleet_link_last(link, FLEET_STREAM_BLOBS, subject, size, &message, problem);
	if (err)
		return err;
	if (message.size == size)
		memcpy(at, message.bytes, size);
	else
		err = fail(problem, -EBADMSG, "a part on the server has another size");
	fleet_message_free(&message);
	return err;
}

static bool has_digest(const void *bytes, const struct fleet_blob *blob)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];

	return EVP_Digest(bytes, blob->size, digest, NULL, EVP_sha256(), NULL) &&
		!memcmp(digest, blob->digest, sizeof(digest));
}

int fleet_blob_fetch(struct fleet_link *link, const struct fleet_blob *blob, void **fetched, char *problem)
{
	unsigned int parts = fleet_parts_count(blob->size);
	size_t done = 0;
	char *bytes;
	int err = 0;

	if (blob->size > FLEET_BLOB_MAX)
		return fail(problem, -EFBIG, "it is larger than 64 MiB");
	bytes = malloc(blob->size + 1);
	if (!bytes)
		return fail(problem, -ENOMEM, "out of memory");
	for (unsigned int part = 0; !err && part < parts; part++) {
		err = fetch_part(link, blob, part, bytes + done, problem);
		done += fleet_part_size(blob->size, part);
	}
	if (!err && !has_digest(bytes, blob))
		err = fail(problem, -EBADMSG, "the server has other bytes than the state names");
	if (err)
		free(bytes);
	else
		*fetched = bytes;
	return err;
}
