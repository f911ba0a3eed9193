/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaces a file by a new version of it, atomically: at any moment, also after a crash or with a
 * full disk, the name leads to the whole old file or the whole new one. A symbolic link is
 * followed and stays. Kept: mode, owner, access and modification time, ACLs and extended
 * attributes, file capabilities included; not kept: security.ima and security.evm, which are
 * about the old content. A process that runs the old file keeps running it.
 *
 * The new file has no name (O_TMPFILE) until it is complete, so a killed command leaves nothing
 * behind; where the file system has no such files it is .NAME.digsig-XXXXXX until then.
 */
#ifndef DIGSIG_FILE_REPLACEMENT_H
#define DIGSIG_FILE_REPLACEMENT_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include "problem.h"

struct replacement {
	int source; /* the old file, open for reading */
	int target; /* the new file, open for writing; -1 before replacement_create */
	int directory;
	struct stat before; /* of the old file when it was opened */
	char name[NAME_MAX + 1];
	char temporary[NAME_MAX + 1]; /* empty while the new file has no name */
};

/*
 * Opens path. With break_links a file with other hard links is accepted. After an error nothing
 * needs to be undone; *problem says more.
 */
int replacement_open(struct replacement *replacement, const char *path, bool break_links,
	struct file_problem *problem);

/* Makes the new file, empty, beside the old one. */
int replacement_create(struct replacement *replacement, struct file_problem *problem);

/* Gives the complete new file the old one's attributes and its name, and syncs both. */
int replacement_commit(struct replacement *replacement, struct file_problem *problem);

/* Closes; removes the new file unless it was committed. */
void replacement_close(struct replacement *replacement);

#endif
