// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "catalog.h"

static int is_catalog_name(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name), suffix = strlen(CATALOG_SUFFIX);

	return entry->d_name[0] != '.' && length > suffix &&
		!strcmp(entry->d_name + length - suffix, CATALOG_SUFFIX);
}

void catalog_paths_free(char **paths, int count)
{
	for (int i = 0; i < count; i++)
		free(paths[i]);
	free(paths);
}

/* Turns the entries of a directory into paths; the entries are freed. */
static int join_paths(const char *directory, struct dirent **entries, int count, char **paths)
{
	int err = 0;

	for (int i = 0; i < count; i++) {
		if (!err && asprintf(&paths[i], "%s/%s", directory, entries[i]->d_name) < 0) {
			paths[i] = NULL;
			err = -ENOMEM;
		}
		free(entries[i]);
	}
	free(entries);
	return err;
}

static int list_directory(const char *directory, char ***paths)
{
	struct dirent **entries;
	int err, count = scandir(directory, &entries, is_catalog_name, alphasort);

	if (count < 0)
		return -errno;
	if (count == 0) {
		free(entries);
		return -ENODATA;
	}
	*paths = calloc((size_t)count, sizeof(**paths));
	if (!*paths) {
		for (int i = 0; i < count; i++)
			free(entries[i]);
		free(entries);
		return -ENOMEM;
	}
	err = join_paths(directory, entries, count, *paths);
	if (!err)
		return count;
	catalog_paths_free(*paths, count);
	return err;
}

int catalog_paths(const char *path, char ***paths)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return list_directory(path, paths);
	*paths = calloc(1, sizeof(**paths));
	if (*paths)
		(*paths)[0] = strdup(path);
	if (*paths && (*paths)[0])
		return 1;
	free(*paths);
	return -ENOMEM;
}
