/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a configuration below a root folder, and fragments of one in several folders. */
#ifndef RAMSWAP_CONFIG_FILES_H
#define RAMSWAP_CONFIG_FILES_H

#include "../ramswap.h"

/* Whether what path, "/etc/ramswap.conf", is below root is there, and no link to /dev/null. */
bool config_is_there(int root, const char *path);

/* Whether it is a link to /dev/null: what is masked. */
bool config_is_masked(int root, const char *path);

/* A whole file. */
struct config_text {
	char *bytes; /* to be freed; behind them is a 0 */
	size_t size;
};

/*
 * A regular file that not everybody may write, of at most most bytes. name: what *problem calls it. 0; or a negative
 * errno, and what was wrong. It closes fd.
 */
int config_read_text(int fd, const char *name, size_t most, struct config_text *text,
	struct ramswap_problem *problem);

enum { CONFIG_FRAGMENTS_MAX = 256 };

/* Paths, "/etc/ramswap.conf.d/50-local.conf", in the order of their last names. */
struct config_fragments {
	char *paths[CONFIG_FRAGMENTS_MAX];
	size_t count;
};

/*
 * The files *.conf in the folders, "/etc/ramswap.conf.d", that are there below root. Of those of one name the one in
 * the first folder counts; if it is a link to /dev/null, none does. 0, to be freed; or a negative errno, and nothing
 * is to be freed: -E2BIG: there are too many.
 */
int config_find_fragments(int root, const char *const *folders, size_t count, struct config_fragments *fragments);
void config_free_fragments(struct config_fragments *fragments);

#endif
