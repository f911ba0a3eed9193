/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Catalogs that somebody named, folders taken apart. */
#ifndef DIGSIG_CATALOG_LIST_H
#define DIGSIG_CATALOG_LIST_H

#include "catalog.h"

struct catalog_list {
	char **paths;
	int count;
};

/* Adds a file, or the *.catalog of a folder. 0, or the errors of catalog_paths. */
int catalog_list_add(struct catalog_list *list, const char *path);
/* Frees its paths. */
void catalog_list_free(struct catalog_list *list);

/* How many digests they have in all, 0 if one cannot be read. */
__u64 catalog_list_count(const struct catalog_list *list);

#endif
