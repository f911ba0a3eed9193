/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which mounts hold files below some directories. */
#ifndef DIGSIG_DAEMON_MOUNTS_H
#define DIGSIG_DAEMON_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include "../config/config.h"

struct mount_point {
	unsigned int id; /* the kernel's */
	char *path; /* a root, or a mount below one; owned */
};

struct mount_list {
	struct mount_point *mount;
	size_t count;
};

/*
 * For each root, the mount that it lies in, under the root's own name; and each mount below it.
 * File systems that the engine never takes code from are left out. -ENOMEM, or what open(2) said.
 */
int mount_list_read(const struct config_paths *roots, struct mount_list *list);
/* Frees what is in the list. */
void mount_list_free(struct mount_list *list);
/* Whether one entry has both: the kernel uses an id again after its mount was unmounted. */
bool mount_list_has(const struct mount_list *list, unsigned int id, const char *path);

/* Whether path is directory or something below it; both absolute, without a slash at the end. */
bool path_is_below(const char *path, const char *directory);

#endif
