/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is revoked, while the engine runs: the store's file is looked at before each use, one stat(2),
 * so that what it says counts from the next question on. As in the kernel's engine nothing is taken
 * back: what the file said once holds until the engine ends, also if the file is gone or damaged.
 */
#ifndef DIGSIG_FANOTIFY_REVOKED_H
#define DIGSIG_FANOTIFY_REVOKED_H

#include <pthread.h>
#include <sys/stat.h>
#include "../revocation/store.h"
#include "cache.h"

struct fanotify_revoked {
	const char *path; /* NULL: nothing is revoked */
	pthread_rwlock_t lock;
	struct stat seen; /* all zero: it was not there */
	struct revocations list;
};

/* Takes over the list, which is what is known before; the file is read at the next refresh. */
void fanotify_revoked_init(
	struct fanotify_revoked *revoked, const char *path, struct revocations *list);
/* Frees the list. No thread may judge by it any more. */
void fanotify_revoked_free(struct fanotify_revoked *revoked);

/*
 * Reads the file again if it changed, and if more is revoked then, has the cache forget all verdicts,
 * before anybody else goes on. 0; or a negative errno, once for each change: what is wrong with the
 * file stands in *problem.
 */
int fanotify_revoked_refresh(struct fanotify_revoked *revoked, struct fanotify_cache *cache,
	struct revocation_problem *problem);

/* As revocations_judge, by the list as it was last read; for any number of threads. */
void fanotify_revoked_judge(struct fanotify_revoked *revoked, struct file_judgement *judgement);

#endif
