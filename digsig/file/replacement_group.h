/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many files that several threads replace. A new version is left here when it is complete, and the thread
 * goes on with the next file; when there are enough of them, one thread brings all to the disk with one
 * syncfs(2), instead of an fsync(2) and a turn of the journal each, and then gives each its names. That
 * writes also what others have changed on that file system, as fsync(2) does on many: the fewer rounds,
 * the less the disk's other work matters.
 *
 * For each file the order is the one of replacement.h: its content is on the disk before its name is.
 * A process that is killed leaves the files of the rounds that were not over as they were.
 */
#ifndef DIGSIG_FILE_REPLACEMENT_GROUP_H
#define DIGSIG_FILE_REPLACEMENT_GROUP_H

#include <stddef.h>
#include "replacement.h"

struct replacement_group_plan {
	unsigned int threads; /* how many leave files here */
	unsigned int patience; /* milliseconds that a file waits at most when more come: a signer may be slow */
	/*
	 * Says what became of a file that was left here, once, in one of the threads that leave files or
	 * finish. The owner is the one of its options; problem is NULL when it has its names.
	 */
	void (*settled)(void *context, const void *owner, const struct file_problem *problem);
	void *context;
};

/* NULL: memory is short. */
struct replacement_group *replacement_group_new(const struct replacement_group_plan *plan);

/*
 * Gives the complete new file the old one's attributes, and takes the replacement over, whose outcome
 * settled() will tell; it may have done so when this returns. After an error, with *problem set, the
 * replacement is closed.
 */
int replacement_group_add(struct replacement_group *group, struct replacement *replacement,
	const void *owner, struct file_problem *problem);

/*
 * Files that wait hold the disk's room twice. Who finds none settles them first: whether any file was
 * settled since replacement_group_settled was that much, so that it is worth another try. A group that
 * is NULL has none.
 */
size_t replacement_group_settled(struct replacement_group *group);
/* Waits until the files that other threads are settling are settled, too. */
bool replacement_group_make_room(struct replacement_group *group, size_t settled);

/*
 * When nobody leaves files any more: settles those that are here, and brings all new names to the disk.
 * 0; a negative errno: they could not be brought there.
 */
int replacement_group_finish(struct replacement_group *group);

/* After replacement_group_finish, or before any file was left here. NULL is nothing. */
void replacement_group_free(struct replacement_group *group);

#endif
