// SPDX-License-Identifier: GPL-2.0-or-later
#include "hash.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include "digest.h"
#include "fd_source.h"

/* Fits the processor's own cache, and malloc keeps it from file to file. */
#define READ_SIZE ((size_t)96 << 10)

int source_hash(const struct elf_source *source, const struct file_progress *progress,
	__u8 out[DIGSIG_DIGEST_SIZE])
{
	__u64 offset = 0, size = source->size;
	struct digest digest;
	__u8 *buffer = malloc(READ_SIZE);
	int err = 0;

	if (!buffer)
		return -ENOMEM;
	digest_init(&digest);
	while (offset < size) {
		size_t part = size - offset < READ_SIZE ? (size_t)(size - offset) : READ_SIZE;

		err = source->read(source->context, buffer, part, offset);
		if (err)
			break;
		digest_update(&digest, buffer, part);
		offset += part;
		file_progress_report(progress, offset, size);
	}
	free(buffer);
	if (!err)
		digest_final(&digest, out);
	return err;
}

int file_hash(int fd, __u64 size, const struct file_progress *progress,
	__u8 out[DIGSIG_DIGEST_SIZE])
{
	struct fd_windows windows;
	const struct elf_source source = fd_source(&windows, fd, size);

	if (size > READ_SIZE)
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return source_hash(&source, progress, out);
}
