/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Build ids of mapped files, read once a file and kept. */
#ifndef KEVENTS_WATCH_BUILD_ID_H
#define KEVENTS_WATCH_BUILD_ID_H

#include "../kevents.h"

struct build_ids;

/* NULL when memory is short. */
struct build_ids *build_ids_new(void);
/* Frees it with the build ids that it remembers. */
void build_ids_free(struct build_ids *ids);

/*
 * Fills in image's build id, if the file can still be found: by its path as the process sees it, or
 * as we do, and only if it is that very inode.
 */
void build_ids_fill(struct build_ids *ids, int32_t pid, struct kevents_image *image);

#endif
