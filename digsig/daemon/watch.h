/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that were written or moved to their place on some file systems, by fanotify(7). A whole file
 * system is marked, so that folders made later belong to it; no mount is kept from being unmounted.
 *
 * Where the file system can say which folder a file is in (file handles), moves are seen too.
 * Elsewhere only files that were open for writing and are closed.
 */
#ifndef DIGSIG_DAEMON_WATCH_H
#define DIGSIG_DAEMON_WATCH_H

#include <poll.h>
#include "../config/config.h"

struct watch;

#define WATCH_DESCRIPTORS 2

/* -EPERM: no CAP_SYS_ADMIN; the other errors of fanotify_init(2). */
int watch_new(struct watch **watch);
/* Closes its descriptors, which ends the watching. NULL is nothing. */
void watch_free(struct watch *watch);

/*
 * The file system that path lies on; again and again does no harm. -ENOMEM, fanotify_mark(2)'s
 * errors.
 */
int watch_add(struct watch *watch, const char *path);

/* Forgets the paths that were added, but not their file systems: for those that were unmounted. */
void watch_forget_paths(struct watch *watch);

/* What to wait for. */
void watch_descriptors(const struct watch *watch, struct pollfd descriptors[WATCH_DESCRIPTORS]);

/* A file that may be new, open for reading; or else, with fd -1, a folder that was moved. */
typedef void watch_handler(int fd, const char *folder, void *context);

/*
 * Hands on what there is below the roots. Descriptors are closed after the handler. -EOVERFLOW: so
 * much happened that the kernel dropped some of it.
 */
int watch_read(struct watch *watch, const struct config_paths *roots, watch_handler *handler,
	void *context);

#endif
