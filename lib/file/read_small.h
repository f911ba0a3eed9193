/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are small if they are what they should be, whole. */
#ifndef KERNKIT_FILE_READ_SMALL_H
#define KERNKIT_FILE_READ_SMALL_H

#include <stddef.h>

/*
 * The rest of the file into text, which has room for most + 1 bytes, with a 0 behind it; *size: without that. 0;
 * -EFBIG: it is larger than most; another negative errno.
 */
int file_read_rest(int fd, char *text, size_t most, size_t *size);

/*
 * All of the regular file at path, below directory (a descriptor, or AT_FDCWD), in the same way. -EINVAL: it is no
 * regular file. A FIFO or a terminal is not waited for.
 */
int file_read_small(int directory, const char *path, char *text, size_t most, size_t *size);

#endif
