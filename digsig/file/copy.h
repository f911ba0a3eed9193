/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams a new version of a file from the old one, hashing on the way if wanted. */
#ifndef DIGSIG_FILE_COPY_H
#define DIGSIG_FILE_COPY_H

#include <signal.h>
#include "digest.h"
#include "progress.h"
#include "replacement.h"
#include "writer.h"

struct copy {
	struct replacement *replacement;
	/* Fills buffer with bytes of the new file; below limit bytes in total. */
	int (*read)(void *context, void *buffer, size_t size, __u64 offset);
	void *context;
	__u64 limit; /* how many bytes of the new file read() makes */
	__u64 total; /* bytes of the new file altogether */
	/* Bytes that are the same, at the same place, in the old file. */
	__u64 same_from, same_to;
	struct digest *digest; /* of the first limit bytes; NULL: none */
	const volatile sig_atomic_t *is_cancelled; /* NULL: never */
	const struct file_progress *progress; /* of limit bytes; NULL: none */
};

/*
 * Creates the replacement's new file and writes the first limit bytes of it. The rest, total -
 * limit bytes, goes into *writer, which the caller finishes or abandons. -ECANCELED: is_cancelled
 * became true. After an error there is no writer.
 */
int copy_start(const struct copy *copy, struct writer **writer, struct file_problem *problem);

#endif
