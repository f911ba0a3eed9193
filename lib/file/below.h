/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files below a folder that stands for "/": links in it lead to what is below it, too, also those that begin with "/".
 * Kernels before 5.6 cannot do that: there a link leads to where it leads.
 */
#ifndef KERNKIT_FILE_BELOW_H
#define KERNKIT_FILE_BELOW_H

#include <stdbool.h>
#include <stddef.h>

/*
 * folder: a descriptor of it. path: below it, with or without a "/" in front. flags: of open(2); O_CLOEXEC, O_NOCTTY
 * and O_NONBLOCK are added. A descriptor, or a negative errno.
 */
int file_open_below(int folder, const char *path, int flags);

/* Whether there is something; a link is what it leads to. */
bool file_exists_below(int folder, const char *path);

/*
 * All of a file. *text is to be freed; behind its *size bytes stands a '\0'. 0 or a negative errno: -EFBIG: there are
 * more than most bytes.
 */
int file_read_below(int folder, const char *path, size_t most, char **text, size_t *size);

/* The same of one that is open. room: of *text, which is NULL or from malloc(3), and stays the caller's in any case. */
int file_read_open(int fd, size_t most, char **text, size_t *room, size_t *size);

#endif
