// SPDX-License-Identifier: GPL-2.0-or-later
#include "names.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void names_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

static int copy_names(struct dirent **entries, size_t found, size_t suffix, char **names)
{
	for (size_t i = 0; i < found; i++) {
		names[i] = strndup(entries[i]->d_name, strlen(entries[i]->d_name) - suffix);
		if (!names[i])
			return -ENOMEM;
	}
	return 0;
}

int names_read(const char *folder, int (*is_wanted)(const struct dirent *), size_t suffix, char ***names, size_t *count)
{
	struct dirent **entries;
	int found = scandir(folder, &entries, is_wanted, alphasort), err;

	*names = NULL;
	*count = 0;
	if (found < 0)
		return -errno;
	*names = calloc((size_t)found + 1, sizeof(**names));
	err = *names ? copy_names(entries, (size_t)found, suffix, *names) : -ENOMEM;
	for (int i = 0; i < found; i++)
		free(entries[i]);
	free(entries);
	if (err) {
		names_free(*names, *names ? (size_t)found : 0);
		*names = NULL;
		return err;
	}
	*count = (size_t)found;
	return 0;
}
