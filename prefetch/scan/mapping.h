/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file in memory that may become shorter while it is read. */
#ifndef PREFETCH_SCAN_MAPPING_H
#define PREFETCH_SCAN_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

struct mapping {
	__u8 *bytes;
	size_t size;
};

/*
 * Maps all of a regular file: one at a time in each thread. What is gone when it is read is zeros: for that a
 * handler of SIGBUS is installed. 0; 1: no regular file, or an empty one; or a negative errno.
 */
int mapping_open(struct mapping *mapping, int fd);

/* Whether some of it was gone. */
bool mapping_close(struct mapping *mapping);

#endif
