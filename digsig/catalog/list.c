// SPDX-License-Identifier: GPL-2.0-or-later
#include "list.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int catalog_list_add(struct catalog_list *list, const char *path)
{
	char **paths, **more;
	int count = catalog_paths(path, &paths);

	if (count < 0)
		return count;
	more = reallocarray(list->paths, (size_t)(list->count + count), sizeof(*more));
	if (!more) {
		catalog_paths_free(paths, count);
		return -ENOMEM;
	}
	list->paths = more;
	memcpy(more + list->count, paths, (size_t)count * sizeof(*paths));
	list->count += count;
	free(paths);
	return 0;
}

void catalog_list_free(struct catalog_list *list)
{
	catalog_paths_free(list->paths, list->count);
	*list = (struct catalog_list){ 0 };
}

__u64 catalog_list_count(const struct catalog_list *list)
{
	__u64 count = 0;

	for (int i = 0; i < list->count; i++) {
		enum digsig_catalog_defect defect;
		struct catalog catalog;

		if (catalog_read(list->paths[i], &catalog, &defect))
			return 0;
		count += catalog.count;
		catalog_free(&catalog);
	}
	return count;
}
