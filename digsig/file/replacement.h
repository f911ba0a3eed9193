/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaces a file by a new version of it, atomically: at any moment, also after a crash or with a
 * full disk, the name leads to the whole old file or the whole new one. A symbolic link is
 * followed and stays. Kept: mode, owner, access and modification time, ACLs, extended attributes,
 * file capabilities included, and flags of chattr(1), see inode_flags.h; not kept: security.ima and security.evm, which are
 * about the old content. A process that runs the old file keeps running it.
 *
 * A new version of the same size gets a new modification time, unless keep_times: rsync(1) and
 * others take files of the same size and time for the same.
 *
 * The new file has no name (O_TMPFILE) until it is complete and on the disk. Then it is linked as
 * .NAME.digsig-XXXXXXXX, which is renamed at once: only a process that is killed between these two
 * system calls leaves that name behind. Where the file system has no files without a name, it has
 * that one from the beginning.
 *
 * A file may have several names (hard links). Those that are given all lead to the new file
 * afterwards, or after an error all to the old one; only a process that is killed between two
 * renames leaves some of each.
 */
#ifndef DIGSIG_FILE_REPLACEMENT_H
#define DIGSIG_FILE_REPLACEMENT_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include "problem.h"

struct replacement_group;

/* All zero: the file itself is replaced, and must have no other hard links. */
struct replacement_options {
	bool break_links; /* accept hard links beyond the names that are given: they keep the old file */
	bool inside_links_only; /* a symbolic link must not lead out of its folder: see link.h */
	bool keep_times; /* also where the new version has the size of the old one */
	char *const *other_names; /* of the same file */
	size_t other_count;
	ino_t inode; /* the file must be this one, or it has changed; 0: whichever it is */
	dev_t device; /* together with inode */
	/*
	 * The new version goes to these names instead, 1 + other_count of them, and the file stays:
	 * see output.h. What of owner, ACLs and extended attributes cannot be had there is left.
	 */
	const struct replacement_name *output; /* NULL: it replaces the file */
	/* One of many: who replaces it leaves it to this group, replacement_group.h; NULL: alone. */
	struct replacement_group *group;
	const void *owner; /* for the group, to say what became of it */
};

struct replacement_name {
	int directory;
	bool is_shared; /* the directory is another name's too, which closes it */
	char name[NAME_MAX + 1];
	char temporary[NAME_MAX + 1]; /* empty while the new file has no name here */
};

struct replacement {
	int source; /* the old file, open for reading */
	int target; /* the new file, open for writing; -1 before replacement_create */
	struct stat before; /* of the old file when it was opened */
	bool is_output; /* the old file stays */
	bool keep_times;
	struct replacement_name *names; /* which will lead to the new file */
	size_t name_count; /* at least 1 */
};

/* Opens path. After an error nothing needs to be undone; *problem says more. */
int replacement_open(struct replacement *replacement, const char *path,
	const struct replacement_options *options, struct file_problem *problem);

/*
 * Whether replacement_create could make its file: for who only wants to know. 0, or a negative
 * errno with *problem, as from the functions below. After an error of theirs replacement_close is
 * still to be called.
 */
int replacement_probe(const struct replacement *replacement, struct file_problem *problem);

/* Makes the new file, empty, beside the old one. */
int replacement_create(struct replacement *replacement, struct file_problem *problem);

/*
 * Gives the complete new file the old one's attributes and its names, and syncs all of it. Or in three
 * steps: the attributes; the file system's part, to be done by the caller; and the names, which are on
 * the disk when their directories are.
 */
int replacement_commit(struct replacement *replacement, struct file_problem *problem);
/* The first step: attributes. */
int replacement_complete(struct replacement *replacement, struct file_problem *problem);
/* The last step: names. */
int replacement_publish(struct replacement *replacement, struct file_problem *problem);

/* Closes; removes the new file unless it was committed. */
void replacement_close(struct replacement *replacement);

#endif
