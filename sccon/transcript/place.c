// SPDX-License-Identifier: GPL-2.0-or-later
#include "place.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int place_folder(const char *path)
{
	char *copy = strdup(path);
	int folder;

	if (!copy)
		return -ENOMEM;
	folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		folder = -errno;
	free(copy);
	return folder;
}

int place_name(const char *path, char **name)
{
	const char *slash = strrchr(path, '/');

	*name = strdup(slash ? slash + 1 : path);
	if (!*name)
		return -ENOMEM;
	return strlen(*name) > NAME_MAX - sizeof(".4294967295") ? -ENAMETOOLONG : 0;
}
