/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in a directory that stay after a crash. */
#ifndef KERNKIT_FILE_SYNC_DIRECTORY_H
#define KERNKIT_FILE_SYNC_DIRECTORY_H

/*
 * Syncs the directory that contains path, so that a new name in it is still there after a crash. Does nothing
 * where this is not possible: the file itself is complete.
 */
void sync_directory_of(const char *path);

#endif
