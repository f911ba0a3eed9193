/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new file, or a new version of one that keeps nothing of the old one: an output. */
#ifndef KERNKIT_FILE_WRITE_WHOLE_H
#define KERNKIT_FILE_WRITE_WHOLE_H

#include <stddef.h>

/* All of size bytes into an open file, however many writes that takes. 0 or a negative errno: a part may be written. */
int file_write_all(int fd, const void *bytes, size_t size);

/*
 * Writes size bytes to path. At any moment, also after a crash or with a full disk, the name leads
 * to the whole old file, to the whole new one, or to nothing if there was no old one. A pipe or
 * device is written to. 0 or a negative errno; the old file is then as it was.
 */
int file_write_whole(const char *path, const void *bytes, size_t size);

#endif
