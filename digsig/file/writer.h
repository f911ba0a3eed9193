/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a file from front to back while its bytes are still being made: one thread writes
 * buffers past the page cache (O_DIRECT), one hashes them, while the caller fills the next. A large
 * file is then signed at the speed of its hash, and does not push everything else out of memory. Small files
 * are written through the page cache and without a thread.
 */
#ifndef DIGSIG_FILE_WRITER_H
#define DIGSIG_FILE_WRITER_H

#include <stddef.h>
#include <linux/types.h>
#include "digest.h"

struct writer;

struct writer_plan {
	int fd; /* empty, or a clone of the source */
	__u64 size; /* of the whole file in bytes, known beforehand */
	/* Bytes [in_place_from, in_place_to) are in the file already and need no writing. */
	__u64 in_place_from, in_place_to;
	int is_sparse; /* leave holes where the bytes are zero */
	struct digest *digest; /* of what is written until writer_end_digest; NULL: none */
};

/* Reserves the space: -ENOSPC comes here. Frees nothing of the plan; fd stays the caller's. */
int writer_start(struct writer **writer, const struct writer_plan *plan);

/*
 * Where the next bytes go: at least one, up to *size. Waits for a free buffer. Returns a negative
 * errno if an earlier write failed.
 */
int writer_room(struct writer *writer, __u8 **room, size_t *size);

/* Says that the first size bytes of the room are filled. 0, or a negative errno of writing them. */
int writer_advance(struct writer *writer, size_t size);

/* Waits until all that was written is in the digest; what follows will not be. */
void writer_end_digest(struct writer *writer);

/*
 * Writes what is left, waits, cuts the file to its size, and frees the writer in any case. 0, or a
 * negative errno, of an earlier write too.
 */
int writer_finish(struct writer *writer);

/* Frees the writer, whatever it has written. NULL is nothing. */
void writer_abandon(struct writer *writer);

#endif
