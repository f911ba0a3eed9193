/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds every regular file below some folders, in several threads. */
#ifndef DIGSIG_TREE_WALK_H
#define DIGSIG_TREE_WALK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include "../file/file_system_kind.h"

/* A file or folder that was found: the same one is name in directory, and path. */
struct tree_entry {
	int directory;
	const char *name;
	const char *path;
	size_t root; /* below which of the roots */
	enum file_system_kind file_system; /* of the folder it is in */
};

struct tree_walk {
	char **roots; /* files and folders; a symbolic link is followed here, and nowhere else */
	size_t root_count;
	unsigned int threads; /* as for pool_run */
	/*
	 * All but tick are called in any of the threads, several at once.
	 */
	void (*file)(void *context, const struct tree_entry *entry); /* a regular file */
	/* Whether to go into a folder that is no root; NULL: into all. */
	bool (*enters)(void *context, const char *path, size_t root);
	/* Whether to go into a folder on another file system than the one it was found on. */
	bool (*crosses)(void *context, const char *path, enum file_system_kind kind);
	/* What could not be looked at. A name that vanished is not among these. */
	void (*unreadable)(void *context, const char *path, int err);
	void (*tick)(void *context); /* as for pool_run */
	void *context;
	const volatile sig_atomic_t *is_cancelled; /* NULL: never */
};

/*
 * Each folder is read once, however many names or roots lead to it; a file is found once for every
 * name. Memory grows with the number of folders. 0; -ENOMEM; -EAGAIN: no threads; -ECANCELED.
 */
int tree_walk(const struct tree_walk *walk);

#endif
