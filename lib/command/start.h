/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command does before anything else. */
#ifndef KERNKIT_COMMAND_START_H
#define KERNKIT_COMMAND_START_H

/*
 * Opens descriptors 0, 1 and 2 if they are closed, so that no file of the command's own becomes its
 * standard output. Reading and writing them fail with EBADF, as they do when closed. A file size
 * limit becomes an error of write(2), EFBIG; programs that the command starts do not inherit that.
 */
void command_start(void);

#endif
