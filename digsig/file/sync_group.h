/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many files that several threads bring to the disk: all that wait at the same time are served by one
 * syncfs(2), instead of an fsync(2) and a turn of the journal each. It also writes what others have
 * changed on that file system, as fsync(2) does on many.
 */
#ifndef DIGSIG_FILE_SYNC_GROUP_H
#define DIGSIG_FILE_SYNC_GROUP_H

struct sync_group;

/* NULL: memory is short. */
struct sync_group *sync_group_new(void);

/* As fsync(fd), called from many threads at once: returns when what was written to fd is on the disk. */
int sync_group_sync(struct sync_group *group, int fd);

/*
 * Says that directory, an open one, has names that are to be on the disk when sync_group_finish has
 * returned. 0 or a negative errno.
 */
int sync_group_later(struct sync_group *group, int directory);

/* Brings what was left for later to the disk: 0, or the first error. */
int sync_group_finish(struct sync_group *group);

/* NULL is nothing. */
void sync_group_free(struct sync_group *group);

#endif
