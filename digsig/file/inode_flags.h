/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flags of chattr(1). */
#ifndef DIGSIG_FILE_INODE_FLAGS_H
#define DIGSIG_FILE_INODE_FLAGS_H

/*
 * Gives target those of source that mean the same for other content, on or off: A, c, d, m, s, S, u.
 * Of the others i and a forbid replacing the file, and the rest belongs to a file system's layout. 0,
 * also where the file system has none; else a negative errno.
 */
int inode_flags_copy(int source, int target);

#endif
