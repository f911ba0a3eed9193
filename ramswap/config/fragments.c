// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "files.h"

static const char *last_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

static bool is_fragment(const char *name)
{
	size_t length = strlen(name);

	return *name != '.' && length > 5 && !strcmp(name + length - 5, ".conf");
}

/* Where the name is, or has to be put. */
static size_t place_of(const struct config_fragments *fragments, const char *name, bool *is_known)
{
	size_t at = 0;

	while (at < fragments->count && strcmp(last_name(fragments->paths[at]), name) < 0)
		at++;
	*is_known = at < fragments->count && !strcmp(last_name(fragments->paths[at]), name);
	return at;
}

static int add(struct config_fragments *fragments, const char *folder, const char *name)
{
	bool is_known;
	size_t at = place_of(fragments, name, &is_known);
	char *path;

	if (is_known)
		return 0;
	if (fragments->count == CONFIG_FRAGMENTS_MAX)
		return -E2BIG;
	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return -ENOMEM;
	memmove(fragments->paths + at + 1, fragments->paths + at, (fragments->count - at) * sizeof(*fragments->paths));
	fragments->paths[at] = path;
	fragments->count++;
	return 0;
}

/* What is in one folder; a link to /dev/null, too: it hides those of its name that follow. */
static int add_folder(int root, const char *folder, struct config_fragments *fragments)
{
	int fd = config_open(root, folder, O_RDONLY | O_DIRECTORY), err = 0;
	struct dirent *entry;
	DIR *directory;

	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return fd;
	directory = fdopendir(fd);
	if (!directory) {
		err = -errno;
		close(fd);
		return err;
	}
	while (!err && (errno = 0, entry = readdir(directory)))
		if (is_fragment(entry->d_name))
			err = add(fragments, folder, entry->d_name);
	if (!err && errno)
		err = -errno;
	closedir(directory);
	return err;
}

static void take_masked_away(int root, struct config_fragments *fragments)
{
	size_t kept = 0;

	for (size_t i = 0; i < fragments->count; i++) {
		if (config_is_masked(root, fragments->paths[i]))
			free(fragments->paths[i]);
		else
			fragments->paths[kept++] = fragments->paths[i];
	}
	fragments->count = kept;
}

int config_find_fragments(int root, const char *const *folders, size_t count, struct config_fragments *fragments)
{
	int err = 0;

	fragments->count = 0;
	for (size_t i = 0; i < count && !err; i++)
		err = add_folder(root, folders[i], fragments);
	if (err)
		config_free_fragments(fragments);
	else
		take_masked_away(root, fragments);
	return err;
}

void config_free_fragments(struct config_fragments *fragments)
{
	for (size_t i = 0; i < fragments->count; i++)
		free(fragments->paths[i]);
	fragments->count = 0;
}
