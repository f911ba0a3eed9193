/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the ELF files below some folders: each inode once, with all its names there. */
#ifndef DIGSIG_TREE_COLLECT_H
#define DIGSIG_TREE_COLLECT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/types.h>

/*
 * Patterns of fnmatch(3). One with a slash is compared with the path below the root, of which *
 * matches slashes too, as in find -path; a slash at its beginning stands for the root. One without
 * is compared with the name alone.
 */
struct tree_patterns {
	char **patterns;
	size_t count;
};

struct tree_selection {
	char **roots; /* as in walk.h */
	size_t root_count;
	struct tree_patterns include; /* of files; none: all */
	struct tree_patterns exclude; /* of files and folders; wins over include */
	bool leave_out_debug; /* files of debug information alone: nothing runs them */
	bool all_file_systems; /* enter others than the root's; never pseudo ones */
	ino_t output_inode; /* a folder that is not entered; 0: none */
	dev_t output_device;
	unsigned int threads;
	void (*tick)(void *context, __u64 files); /* NULL: nobody waits */
	void *context;
	const volatile sig_atomic_t *is_cancelled;
};

struct tree_name {
	char *path;
	const char *relative; /* the end of path that is below its root */
	dev_t device;
	ino_t inode;
	__u64 size;
};

struct tree_file {
	const struct tree_name *names;
	size_t name_count; /* of the same inode, sorted; at least 1 */
};

struct tree_trouble {
	char *path;
	int error; /* positive */
};

struct tree_files {
	struct tree_file *files; /* the largest first, so that no thread is left alone with one */
	size_t count;
	struct tree_name *names;
	size_t name_count;
	__u64 seen; /* regular files, by name */
	__u64 excluded; /* of them, by a pattern */
	__u64 not_elf; /* of them: also what is a core dump */
	__u64 only_debug; /* left out for that */
	struct tree_trouble *unreadable; /* files and folders */
	size_t unreadable_count;
	char **left_out; /* mount points that were not entered */
	size_t left_out_count;
};

/*
 * Fills *files, which the caller gives back to tree_files_free, also after an error. What cannot be
 * read stands in unreadable; what vanishes was never there. Errors as for tree_walk.
 */
int tree_collect(const struct tree_selection *selection, struct tree_files *files);
/* Frees the paths. */
void tree_files_free(struct tree_files *files);

/* Whether a file or folder is one of the patterns'. */
bool tree_patterns_match(const struct tree_patterns *patterns, const char *relative);

#endif
