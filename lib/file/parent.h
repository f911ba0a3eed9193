/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directory that a path lies in. */
#ifndef KERNKIT_FILE_PARENT_H
#define KERNKIT_FILE_PARENT_H

/* A descriptor of it, to be closed; or a negative errno. */
int parent_open(const char *path);

#endif
