// SPDX-License-Identifier: GPL-2.0-or-later
#include "manifest.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *fleet_blob_kind_name(enum fleet_blob_kind kind)
{
	switch (kind) {
	case FLEET_CERTIFICATE:
		return "certificate";
	case FLEET_CATALOG:
		return "catalog";
	case FLEET_REVOKED:
		break;
	}
	return "revoked";
}

const char *fleet_stale_name(enum fleet_stale stale)
{
	return stale == FLEET_STALE_KEEP ? "keep" : "monitor";
}

void fleet_manifest_free(struct fleet_manifest *manifest)
{
	free(manifest->blobs);
	*manifest = (struct fleet_manifest){ 0 };
}

static bool has_blob(const struct fleet_manifest *manifest, const struct fleet_blob *blob)
{
	for (size_t i = 0; i < manifest->blob_count; i++)
		if (manifest->blobs[i].kind == blob->kind &&
			!memcmp(manifest->blobs[i].digest, blob->digest, sizeof(blob->digest)))
			return true;
	return false;
}

int fleet_manifest_add(struct fleet_manifest *manifest, const struct fleet_blob *blob)
{
	size_t count = manifest->blob_count;

	if (has_blob(manifest, blob))
		return 0;
	if (count == FLEET_BLOBS_MAX)
		return -ENOSPC;
	/* Room is for a power of two. */
	if (!(count & (count - 1))) {
		struct fleet_blob *grown =
			reallocarray(manifest->blobs, count ? 2 * count : 1, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		manifest->blobs = grown;
	}
	manifest->blobs[manifest->blob_count++] = *blob;
	return 0;
}

int fleet_manifest_copy(const struct fleet_manifest *manifest, struct fleet_manifest *copy)
{
	int err = 0;

	*copy = *manifest;
	copy->blobs = NULL;
	copy->blob_count = 0;
	for (size_t i = 0; i < manifest->blob_count && !err; i++)
		err = fleet_manifest_add(copy, &manifest->blobs[i]);
	if (err)
		fleet_manifest_free(copy);
	return err;
}

static void lay_settings_over(const struct fleet_manifest *host, struct fleet_manifest *merged)
{
	if (host->has_mode) {
		merged->has_mode = true;
		merged->mode = host->mode;
	}
	if (host->has_scopes) {
		merged->has_scopes = true;
		merged->scopes = host->scopes;
	}
	if (host->has_wx) {
		merged->has_wx = true;
		merged->wx = host->wx;
	}
	if (host->has_expiry) {
		merged->has_expiry = true;
		merged->expiry = host->expiry;
	}
}

int fleet_manifest_merge(
	const struct fleet_manifest *group, const struct fleet_manifest *host, struct fleet_manifest *merged)
{
	int err = fleet_manifest_copy(group, merged);

	if (err || !host)
		return err;
	lay_settings_over(host, merged);
	if (host->valid_until < merged->valid_until) {
		merged->valid_until = host->valid_until;
		merged->stale = host->stale;
	}
	for (size_t i = 0; i < host->blob_count && !err; i++)
		err = fleet_manifest_add(merged, &host->blobs[i]);
	if (err)
		fleet_manifest_free(merged);
	return err;
}
