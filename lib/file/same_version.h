/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a file is still what it was when stat(2) was asked before. */
#ifndef KERNKIT_FILE_SAME_VERSION_H
#define KERNKIT_FILE_SAME_VERSION_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Whether both are of one file, by device and inode, of the same size, written and changed at the same
 * times. The change time counts because utimensat(2) can put the other back. Two writes within one tick of
 * the file system's clock, some milliseconds, look the same.
 */
bool is_same_version(const struct stat *one, const struct stat *other);

#endif
