// SPDX-License-Identifier: GPL-2.0-or-later
#include "place.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int place_name(const char *path, char **name)
{
	const char *slash = strrchr(path, '/');

	*name = strdup(slash ? slash + 1 : path);
	if (!*name)
		return -ENOMEM;
	return strlen(*name) > NAME_MAX - sizeof(".4294967295") ? -ENAMETOOLONG : 0;
}
