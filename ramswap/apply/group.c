// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control groups, version 2. Pages that come back from swap count against the limit of the group that they are of.
 * Where that has no room and no other swap takes them, the kernel kills a program of the group, however much memory is
 * free.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../../lib/text/number.h"
#include "internal.h"

#define TREE "sys/fs/cgroup"
#define OWN TREE "/ramswap-swapoff"

enum { DEPTH_MOST = 32, GROUPS_MOST = 65536, STAT_SIZE_MAX = 64 * 1024 };

struct walk {
	int root;
	struct apply_room *room;
	size_t groups;
	char path[RAMSWAP_PATH_MAX + 1]; /* of the group, below the root */
};

/* Its own group, so that nobody's session or service goes with it when the kernel is out of memory. */
void apply_group_enter(int root)
{
	if (!file_exists_below(root, TREE "/cgroup.controllers") || (mkdirat(root, OWN, 0755) && errno != EEXIST))
		return;
	apply_write(root, OWN "/memory.oom.group", "1");
	apply_write(root, OWN "/cgroup.procs", "0");
}

void apply_group_remove(int root)
{
	unlinkat(root, OWN, AT_REMOVEDIR);
}

/* "max" is none. */
static bool read_limit(struct walk *walk, const char *name, __u64 *number)
{
	char path[RAMSWAP_PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", walk->path, name);
	return !apply_read_number(walk->root, path, number);
}

/* "NAME NUMBER", a line each. */
static __u64 stat_number(const char *text, const char *name)
{
	size_t length = strlen(name);
	__u64 number = 0;

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (!strncmp(text, name, length) && text[length] == ' ') {
			text += length + 1;
			if (number_read(&text, &number))
				number = 0;
			break;
		}
		if (!*text)
			break;
	}
	return number;
}

/* Pages of files, which the kernel gives up for others. */
static __u64 read_file_pages(struct walk *walk)
{
	char path[RAMSWAP_PATH_MAX + 32];
	__u64 pages = 0;
	char *text;
	size_t size;

	snprintf(path, sizeof(path), "%s/memory.stat", walk->path);
	if (file_read_below(walk->root, path, STAT_SIZE_MAX, &text, &size))
		return 0;
	pages = stat_number(text, "inactive_file") + stat_number(text, "active_file");
	free(text);
	return pages;
}

/* What does not fit goes to the other swap devices; the group that is worst off is kept. */
static void check_one(struct walk *walk)
{
	struct apply_room *room = walk->room;
	__u64 limit, current, swapped, files, free_room;

	if (!read_limit(walk, "memory.max", &limit) || !read_limit(walk, "memory.current", &current) ||
		!read_limit(walk, "memory.swap.current", &swapped) || !swapped)
		return;
	files = read_file_pages(walk);
	current -= files < current ? files : current;
	free_room = (limit > current ? limit - current : 0) + room->other_free;
	if (swapped <= free_room || swapped - free_room <= room->group_swapped - room->group_room)
		return;
	room->group_swapped = swapped;
	room->group_room = free_room;
	snprintf(room->group, sizeof(room->group), "%s", walk->path + strlen(TREE));
}

static void walk_groups(struct walk *walk, unsigned int depth)
{
	int fd = file_open_below(walk->root, walk->path, O_RDONLY | O_DIRECTORY);
	size_t length = strlen(walk->path);
	const struct dirent *entry;
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return;
	}
	if (depth)
		check_one(walk);
	while (depth < DEPTH_MOST && walk->groups < GROUPS_MOST && (entry = readdir(folder))) {
		if (entry->d_type != DT_DIR || *entry->d_name == '.' ||
			length + 1 + strlen(entry->d_name) >= sizeof(walk->path))
			continue;
		walk->groups++;
		snprintf(walk->path + length, sizeof(walk->path) - length, "/%s", entry->d_name);
		walk_groups(walk, depth + 1);
		walk->path[length] = 0;
	}
	closedir(folder);
}

void apply_group_check(int root, struct apply_room *room)
{
	struct walk *walk = calloc(1, sizeof(*walk));

	if (!walk)
		return;
	walk->root = root;
	walk->room = room;
	strcpy(walk->path, TREE);
	walk_groups(walk, 0);
	free(walk);
}
