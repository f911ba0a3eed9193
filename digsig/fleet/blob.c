// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of a set's blobs: set.h. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/file/read_small.h"
#include "../../lib/text/text.h"
#include "../revocation/signed_list.h"
#include "set.h"

static const char *suffix(enum fleet_blob_kind kind)
{
	switch (kind) {
	case FLEET_CERTIFICATE:
		return ".pem";
	case FLEET_CATALOG:
		return CATALOG_SUFFIX;
	case FLEET_REVOKED:
		break;
	}
	return "";
}

int fleet_blob_path(const char *folder, const struct fleet_blob *blob, char *path)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	print_hex(hex, blob->digest, sizeof(blob->digest));
	return snprintf(path, PATH_MAX, "%s/%s/%s%s", folder, fleet_blob_kind_name(blob->kind), hex,
		       suffix(blob->kind)) < PATH_MAX ?
		0 :
		-ENAMETOOLONG;
}

/* The bytes, to be freed, if they are those that were said. */
static int read_blob(const char *folder, const struct fleet_blob *blob, char **bytes)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	char path[PATH_MAX];
	size_t size;
	int err = fleet_blob_path(folder, blob, path);

	*bytes = err || blob->size > FLEET_BLOB_MAX ? NULL : malloc(blob->size + 1);
	if (!*bytes)
		return err ? err : -ENOMEM;
	err = file_read_small(AT_FDCWD, path, *bytes, blob->size, &size);
	if (!err)
		SHA256((unsigned char *)*bytes, size, digest);
	if (err == -EFBIG || (!err && (size != blob->size || memcmp(digest, blob->digest, sizeof(digest)))))
		err = -EBADMSG;
	if (err) {
		free(*bytes);
		*bytes = NULL;
	}
	return err;
}

int fleet_blob_verify(const char *folder, const struct fleet_blob *blob)
{
	char *bytes;
	int err = read_blob(folder, blob, &bytes);

	free(bytes);
	return err;
}

static int refuse_blob(
	struct fleet_refusal *refusal, const struct fleet_blob *blob, int err, const char *reason)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	print_hex(hex, blob->digest, sizeof(blob->digest));
	return fleet_refuse(refusal, err, "%s %.16s...: %s", fleet_blob_kind_name(blob->kind), hex, reason);
}

int fleet_set_trust(const char *folder, const struct fleet_set *set, struct trust_store *store,
	struct fleet_refusal *refusal)
{
	for (size_t i = 0; i < set->merged.blob_count; i++) {
		const struct fleet_blob *blob = &set->merged.blobs[i];
		char *bytes;
		int err;

		if (blob->kind != FLEET_CERTIFICATE)
			continue;
		err = read_blob(folder, blob, &bytes);
		if (err)
			return refuse_blob(refusal, blob, err, strerror(-err));
		err = trust_store_add_bytes(store, bytes, blob->size);
		free(bytes);
		if (err)
			return refuse_blob(refusal, blob, err,
				err == -EBADMSG ? "it holds no certificate" : strerror(-err));
	}
	return 0;
}

int fleet_set_catalogs(const char *folder, const struct fleet_set *set, struct catalog_list *list)
{
	int err = 0;

	for (size_t i = 0; !err && i < set->merged.blob_count; i++) {
		char path[PATH_MAX];

		if (set->merged.blobs[i].kind != FLEET_CATALOG)
			continue;
		err = fleet_blob_path(folder, &set->merged.blobs[i], path);
		if (!err)
			err = catalog_list_add(list, path);
	}
	return err;
}

static int add_revocations(const char *path, const struct trust_store *store, struct revocations *list, char *reason)
{
	struct revocation_problem problem;
	struct revocations one;
	enum digsig_verdict verdict;
	int err = signed_list_read(path, store, &one, &verdict, &problem);
	size_t length = strlen(path);

	if (err) {
		/* The problem begins with the path, which says nothing to anybody. */
		const char *words = strncmp(problem.text, path, length) ? problem.text : problem.text + length;

		snprintf(reason, 256, "%.255s", words + strspn(words, ": "));
		return err;
	}
	for (size_t i = 0; err >= 0 && i < one.count; i++)
		err = revocations_add(list, &one.entries[i]);
	if (one.sequence > list->sequence)
		list->sequence = one.sequence;
	revocations_free(&one);
	if (err >= 0)
		return 0;
	snprintf(reason, 256, "%s", err == -ENOSPC ? "more revocations than there is room for" : strerror(-err));
	return err;
}

int fleet_set_revocations(const char *folder, const struct fleet_set *set, const struct trust_store *store,
	struct revocations *list, struct fleet_refusal *refusal)
{
	for (size_t i = 0; i < set->merged.blob_count; i++) {
		const struct fleet_blob *blob = &set->merged.blobs[i];
		char path[PATH_MAX], reason[256];
		int err;

		if (blob->kind != FLEET_REVOKED)
			continue;
		err = fleet_blob_path(folder, blob, path);
		if (err)
			return refuse_blob(refusal, blob, err, strerror(-err));
		err = add_revocations(path, store, list, reason);
		if (err)
			return refuse_blob(refusal, blob, err, reason);
	}
	return 0;
}
