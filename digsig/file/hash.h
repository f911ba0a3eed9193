/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SHA-256 of a whole file. */
#ifndef DIGSIG_FILE_HASH_H
#define DIGSIG_FILE_HASH_H

#include "../elf/image.h"
#include "../format/block.h"
#include "progress.h"

/*
 * Hashes the first size bytes of fd. 0, or a negative errno; -EIO also if the file ends before
 * that. progress may be NULL.
 */
int file_hash(int fd, __u64 size, const struct file_progress *progress,
	__u8 out[DIGSIG_DIGEST_SIZE]);

/* The same for all of a source; its errors. */
int source_hash(const struct elf_source *source, const struct file_progress *progress,
	__u8 out[DIGSIG_DIGEST_SIZE]);

#endif
