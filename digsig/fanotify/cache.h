/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts of files by what the file system says of them: a file whose size, modification or change
 * time is another is another file. Two things make that hold where times alone do not:
 *
 * - a verdict is only kept when the last change is older than FANOTIFY_RACY_NS, so that the next
 *   one cannot bear the same time;
 * - whoever asks has made sure that nobody has the file open for writing, and forgets the verdict
 *   when somebody closes it after writing: a shared mapping changes bytes without a time on tmpfs.
 */
#ifndef DIGSIG_FANOTIFY_CACHE_H
#define DIGSIG_FANOTIFY_CACHE_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/stat.h>
#include "../format/verdict.h"
#include <linux/types.h>

#define FANOTIFY_RACY_NS 2000000000LL
#define FANOTIFY_CACHE_SETS 4096 /* of four: 16,384 files, about 1.3 MiB */
#define FANOTIFY_CACHE_WAYS 4

struct cached_file {
	__u64 device, inode, size, turn;
	__s64 modified, changed; /* nanoseconds */
	enum digsig_verdict verdict; /* NONE: free */
};

struct fanotify_cache {
	pthread_mutex_t lock;
	__u64 turn; /* counts up: the oldest of a set makes room */
	__u64 forgotten[FANOTIFY_CACHE_SETS]; /* counts up with every fanotify_cache_forget */
	struct cached_file files[FANOTIFY_CACHE_SETS][FANOTIFY_CACHE_WAYS];
};

/* Nothing is known at first. */
void fanotify_cache_init(struct fanotify_cache *cache);

/* NONE: not known. *moment is for fanotify_cache_store. */
enum digsig_verdict fanotify_cache_find(
	struct fanotify_cache *cache, const struct stat *st, __u64 *moment);

/* Nothing is stored if the file was forgotten since the moment, or the last change is too recent. */
void fanotify_cache_store(struct fanotify_cache *cache, const struct stat *st,
	enum digsig_verdict verdict, __u64 moment);

/* What is known of the file is void, and so is a verdict that is being found: its moment is over. */
void fanotify_cache_forget(struct fanotify_cache *cache, __u64 device, __u64 inode);
/* The same for all files. */
void fanotify_cache_forget_all(struct fanotify_cache *cache);

#endif
