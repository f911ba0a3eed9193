/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that the state of a fleet names by their digests: on this disk, and as parts on the server. */
#ifndef DIGSIG_CLI_FLEET_FILE_H
#define DIGSIG_CLI_FLEET_FILE_H

#include "../../fleet/link.h"
#include "../../fleet/manifest.h"

struct fleet_file {
	const char *path; /* for people; the caller's */
	struct fleet_blob blob;
	char *bytes; /* owned */
};

struct fleet_files {
	struct fleet_file *files; /* owned */
	size_t count;
};

/*
 * Reads a file, at most FLEET_BLOB_MAX bytes, and sees that it is what its kind says; whose signature it has is not known here.
 * Complains itself; returns an exit code.
 */
int fleet_files_read(struct fleet_files *files, enum fleet_blob_kind kind, const char *path);

/* The same for bytes that were made here, and become the list's unless this fails. */
int fleet_files_take(struct fleet_files *files, enum fleet_blob_kind kind, const char *path, char *bytes, size_t size);
void fleet_files_free(struct fleet_files *files);

/* The SHA-256 of any file, in hexadecimal digits. Complains itself; returns an exit code. */
int fleet_file_digest(const char *path, char hex[2 * DIGSIG_DIGEST_SIZE + 1]);

/* Publishes the parts that are not on the server yet, or are others there. Complains itself; returns an exit code. */
int fleet_file_publish(struct fleet_link *link, const struct fleet_file *file);

/* Whether the server has the whole blob: fetches it. Complains itself; returns an exit code. */
int fleet_blob_check(struct fleet_link *link, const struct fleet_blob *blob);

#endif
