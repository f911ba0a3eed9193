/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A blob while it comes, part by part: it gets its name when its size and its digest are right, and it is synced. */
#ifndef DIGSIG_FLEETD_BLOB_FILE_H
#define DIGSIG_FLEETD_BLOB_FILE_H

#include <openssl/evp.h>
#include "../fleet/manifest.h"

enum { BLOB_NAME_SIZE = 2 * DIGSIG_DIGEST_SIZE + 1 };

/* The name of its file: SHA256HEX. */
void blob_name(const struct fleet_blob *blob, char name[BLOB_NAME_SIZE]);

struct blob_file {
	int folder; /* not ours */
	int fd;
	EVP_MD_CTX *hash;
	__u64 size;
};

/* Begins one in folder, a descriptor. 0 or a negative errno; then there is nothing to drop. */
int blob_file_begin(struct blob_file *file, int folder);

int blob_file_add(struct blob_file *file, const void *bytes, size_t size);

/* Ends it. -EBADMSG: size or digest is not the blob's; another negative errno: the disk's. Then it is gone. */
int blob_file_end(struct blob_file *file, const struct fleet_blob *blob);

/* Gives it up. */
void blob_file_drop(struct blob_file *file);

/* Whether the file of that path below folder has these bytes. false too if it cannot be read. */
bool blob_file_is(int folder, const char *path, const struct fleet_blob *blob);

#endif
