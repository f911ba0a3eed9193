// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files belong to installed packages, from dpkg's own database. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "builder.h"

/* A path of a package: often a folder or a symbolic link, and sometimes not there. */
static int add_path(struct catalog_builder *builder, const char *path)
{
	struct stat st;

	if (lstat(path, &st)) {
		if (errno == ENOENT || errno == ENOTDIR)
			builder->counts.gone++;
		else
			builder_note_failure(builder, path, -errno);
		return 0;
	}
	return S_ISREG(st.st_mode) ? builder_add_file(builder, path, &st) : 0;
}

/* A file with a path a line; or of groups of lines, of which one counts. */
static int add_listed(
	struct catalog_builder *builder, const char *list, unsigned int group, unsigned int which)
{
	FILE *file = fopen(list, "re");
	unsigned int number = 0;
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	if (!file)
		return -errno;
	while (!err && getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = 0;
		if (number++ % group == which && line[0] == '/')
			err = add_path(builder, line);
		if (!err)
			err = builder_tick(builder);
	}
	if (!err && ferror(file))
		err = -EIO;
	free(line);
	fclose(file);
	return err;
}

static int is_list(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && !strcmp(entry->d_name + length - 5, ".list");
}

static int add_lists(struct catalog_builder *builder, const char *directory,
	struct dirent **entries, int count)
{
	int err = 0;

	for (int i = 0; i < count; i++) {
		char *path = NULL;

		if (!err && asprintf(&path, "%s/info/%s", directory, entries[i]->d_name) < 0)
			err = -ENOMEM;
		if (!err) {
			err = add_listed(builder, path, 1, 0);
			/* A list that cannot be read is a hole, and is said to be one. */
			if (err && err != -ENOMEM && err != -ECANCELED) {
				builder_note_failure(builder, path, err);
				err = 0;
			}
			free(path);
		}
		free(entries[i]);
	}
	free(entries);
	return err;
}

int catalog_builder_add_dpkg(struct catalog_builder *builder, const char *directory)
{
	struct dirent **entries;
	char *path;
	int err, count;

	if (asprintf(&path, "%s/info", directory) < 0)
		return -ENOMEM;
	count = scandir(path, &entries, is_list, alphasort);
	err = count < 0 ? -errno : 0;
	free(path);
	if (err)
		return err;
	err = add_lists(builder, directory, entries, count);
	if (err)
		return err;
	/* Three lines a diversion: the name, where the package's file went, the package. */
	if (asprintf(&path, "%s/diversions", directory) < 0)
		return -ENOMEM;
	err = add_listed(builder, path, 3, 1);
	if (err && err != -ENOENT && err != -ENOMEM && err != -ECANCELED) {
		builder_note_failure(builder, path, err);
		err = 0;
	}
	free(path);
	return err == -ENOENT ? 0 : err;
}
