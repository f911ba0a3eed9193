// SPDX-License-Identifier: GPL-2.0-or-later
#include "mounts.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Those that are not "unstable" in digsig/kernel/stability.bpf.h. */
static const char *const file_systems[] = { "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs",
	"ramfs", "rootfs", "squashfs", "erofs", "iso9660", "udf", "vfat", "msdos", "exfat", "jfs",
	"nilfs2", "bcachefs", "overlay" };

static bool holds_code(const char *file_system)
{
	for (size_t i = 0; i < sizeof(file_systems) / sizeof(file_systems[0]); i++)
		if (!strcmp(file_systems[i], file_system))
			return true;
	return false;
}

bool path_is_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	if (length == 1) /* "/" */
		return true;
	return !strncmp(path, directory, length) && (!path[length] || path[length] == '/');
}

/* \040 and the like, in place. */
static void decode(char *text)
{
	char *out = text;

	while (*text) {
		if (text[0] == '\\' && text[1] && text[2] && text[3]) {
			*out++ = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 |
				(text[3] - '0'));
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = 0;
}

/* 36 35 98:0 /root /mount-point options [tag...] - type source options; *path points into line. */
static bool parse_line(char *line, unsigned int *id, char **path, bool *is_usable)
{
	char *fields[5], *rest = line, *type = strstr(line, " - ");

	for (size_t i = 0; i < 5; i++) {
		fields[i] = strsep(&rest, " ");
		if (!rest)
			return false;
	}
	if (!type || type < fields[4])
		return false;
	type += 3;
	type[strcspn(type, " \n")] = 0;
	*id = (unsigned int)strtoul(fields[0], NULL, 10);
	*path = fields[4];
	decode(*path);
	*is_usable = holds_code(type);
	return true;
}

static int add(struct mount_list *list, unsigned int id, const char *path)
{
	struct mount_point *more;

	if (mount_list_has(list, id, path))
		return 0;
	more = realloc(list->mount, (list->count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	list->mount = more;
	more[list->count].id = id;
	more[list->count].path = strdup(path);
	return more[list->count].path ? (list->count++, 0) : -ENOMEM;
}

/* The mount that a root lies in: the one with the longest path, and of two the later. */
struct holder {
	unsigned int id;
	size_t length;
	bool is_usable;
};

static int take_line(const struct config_paths *roots, struct holder *holders, char *line,
	struct mount_list *list)
{
	unsigned int id;
	bool is_usable;
	char *path;
	int err = 0;

	if (!parse_line(line, &id, &path, &is_usable))
		return 0;
	for (size_t i = 0; i < roots->count && !err; i++) {
		size_t length = strlen(path);

		if (path_is_below(roots->path[i], path)) {
			if (length >= holders[i].length)
				holders[i] = (struct holder){ id, length, is_usable };
		} else if (is_usable && path_is_below(path, roots->path[i])) {
			err = add(list, id, path);
		}
	}
	return err;
}

/* Whether another root, on the same mount, contains this one. */
static bool is_within_another(
	const struct config_paths *roots, const struct holder *holders, size_t index)
{
	for (size_t i = 0; i < roots->count; i++)
		if (holders[i].id == holders[index].id &&
			strcmp(roots->path[i], roots->path[index]) &&
			path_is_below(roots->path[index], roots->path[i]))
			return true;
	return false;
}

int mount_list_read(const struct config_paths *roots, struct mount_list *list)
{
	struct holder holders[CONFIG_PATHS_MAX] = { 0 };
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	*list = (struct mount_list){ 0 };
	if (!file)
		return -errno;
	while (!err && getline(&line, &room, file) > 0)
		err = take_line(roots, holders, line, list);
	free(line);
	fclose(file);
	for (size_t i = 0; i < roots->count && !err; i++)
		if (holders[i].is_usable && !is_within_another(roots, holders, i))
			err = add(list, holders[i].id, roots->path[i]);
	if (err)
		mount_list_free(list);
	return err;
}

void mount_list_free(struct mount_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->mount[i].path);
	free(list->mount);
	*list = (struct mount_list){ 0 };
}

bool mount_list_has(const struct mount_list *list, unsigned int id, const char *path)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->mount[i].id == id && !strcmp(list->mount[i].path, path))
			return true;
	return false;
}
