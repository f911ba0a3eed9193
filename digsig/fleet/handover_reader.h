/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads what handover.h describes, for root, from a folder that somebody without rights can change at any moment. Files
 * are opened one name at a time, without following links and without leaving the file system of the spool; only
 * regular files of the spool's owner are read, and never more bytes than the caller allows. No folder is listed.
 */
#ifndef DIGSIG_FLEET_HANDOVER_READER_H
#define DIGSIG_FLEET_HANDOVER_READER_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>
#include "handover.h"
#include "manifest.h"

/* Which set `ready` leads to: compared, so that nothing is read as long as it is the same. */
struct handover_mark {
	char target[32]; /* "set/N"; "": there is none */
	ino_t inode; /* of the link */
	struct timespec made;
};

/* 0; -ENOENT: nothing is ready; -EINVAL: it leads to something else than a set; the errors of readlink(2). */
int handover_look(const char *spool, struct handover_mark *mark);
bool handover_is_same(const struct handover_mark *one, const struct handover_mark *other);

/* An open set. */
struct handover {
	int folder, blobs; /* descriptors; blobs: -1: there is no such folder */
	uid_t owner;
};

/* Errors as for handover_look, and of openat2(2). */
int handover_open(const char *spool, const struct handover_mark *mark, struct handover *set);
void handover_close(struct handover *set);

/*
 * FLEET_GROUP_FILE or FLEET_HOST_FILE, at most FLEET_MANIFEST_MAX bytes, into *bytes, to be freed. -EFBIG: more than
 * that; -EINVAL: no regular file; -EPERM: of another owner; -EAGAIN: somebody is writing it; else as open(2) and read(2).
 */
int handover_read_manifest(const struct handover *set, const char *name, char **bytes, size_t *size);

/*
 * Copies a blob into a file. -EBADMSG: its digest or its size is not what was said: what was written is to be
 * removed. go_on, which may be NULL, is asked after each megabyte; -EINTR: it returned false. Errors as above.
 */
int handover_copy_blob(const struct handover *set, const struct fleet_blob *blob, int to,
	bool (*go_on)(void *context), void *context);

#endif
