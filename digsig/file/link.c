// SPDX-License-Identifier: GPL-2.0-or-later
#include "link.h"
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char *folder_of(const char *path)
{
	char *copy = strdup(path), *folder = copy ? realpath(dirname(copy), NULL) : NULL;

	free(copy);
	return folder;
}

bool link_leads_outside(const char *path, const char *target)
{
	struct stat st;
	char *folder;
	size_t length;
	bool is_below;

	/* "link/" is the folder itself. */
	if (lstat(path, &st) || !S_ISLNK(st.st_mode))
		return false;
	folder = folder_of(path);
	length = folder ? strlen(folder) : 0;
	/* The root's own name ends with its slash. */
	is_below = length && !strncmp(folder, target, length) &&
		(length == 1 || target[length] == '/');
	free(folder);
	return !is_below;
}
