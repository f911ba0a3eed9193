/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the kernel that hold one value: attributes of sysfs and configfs, settings below /proc/sys. fd is closed in any
 * case; a negative errno in its place is what is returned, so that the file may be opened in the call.
 */
#ifndef KERNKIT_FILE_VALUE_H
#define KERNKIT_FILE_VALUE_H

#include <stddef.h>

/* The first line, without its newline, of one read(2): some files do something for each. 0 or a negative errno. */
int value_read(int fd, char *value, size_t room);

/*
 * One write(2), for the kernel takes each as a whole value. 0 or a negative errno: -EIO: it took a part; -EINTR: a
 * signal came, and it did nothing.
 */
int value_write(int fd, const char *value);

#endif
