// SPDX-License-Identifier: GPL-2.0-or-later
#include "groups.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../../lib/file/read_small.h"
#include "../../lib/text/number.h"

#define GROUPS_FOLDER "sys/fs/cgroup"

struct walk {
	struct status_groups *groups;
	size_t room;
	size_t seen; /* groups that were looked at */
	bool counts_swap; /* one of them does */
	unsigned int depth;
};

static int add_group(struct walk *walk, const char *path, __u64 swap, __u64 own)
{
	struct status_groups *groups = walk->groups;
	struct status_group *group;

	if (groups->count == walk->room) {
		size_t room = walk->room ? 2 * walk->room : 32;
		struct status_group *list = reallocarray(groups->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		groups->list = list;
		walk->room = room;
	}
	group = &groups->list[groups->count];
	*group = (struct status_group){ .path = strdup(path), .swap = swap, .own = own };
	if (!group->path)
		return -ENOMEM;
	groups->count++;
	return 0;
}

static int read_current(int folder, __u64 *bytes)
{
	char text[32];
	size_t size;
	int err = file_read_small(folder, "memory.swap.current", text, sizeof(text) - 1, &size);

	if (err)
		return err;
	text[strcspn(text, "\n")] = '\0';
	return number_parse(text, 0, ~0ULL, bytes);
}

static int visit(struct walk *walk, int parent, const char *name, const char *path, __u64 *swap);

/* A group may go while it is looked at. */
static bool is_gone(int err)
{
	return err == -ENOENT || err == -ENODEV;
}

/* All folders in this one, which is taken over; *swap: what they have together. */
static int visit_all(struct walk *walk, int folder, const char *path, __u64 *swap)
{
	DIR *directory = fdopendir(folder);
	struct dirent *entry;
	int err = 0;

	if (!directory) {
		err = -errno;
		close(folder);
		return err;
	}
	*swap = 0;
	while (!err && (entry = readdir(directory))) {
		__u64 one = 0;
		char *below;

		if (*entry->d_name == '.' || (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN))
			continue;
		if (asprintf(&below, "%s/%s", path, entry->d_name) < 0) {
			err = -ENOMEM;
			break;
		}
		err = visit(walk, folder, entry->d_name, below, &one);
		free(below);
		if (is_gone(err) || err == -ENOTDIR)
			err = 0;
		if (__builtin_add_overflow(*swap, one, swap))
			*swap = ~0ULL;
	}
	closedir(directory);
	return err;
}

/* One group and those in it; *swap: of all of them. */
static int visit(struct walk *walk, int parent, const char *name, const char *path, __u64 *swap)
{
	int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), err;
	__u64 below;

	if (folder < 0)
		return -errno;
	if (++walk->seen > STATUS_GROUPS_MAX || walk->depth == STATUS_GROUPS_DEPTH) {
		close(folder);
		return -E2BIG;
	}
	err = read_current(folder, swap);
	walk->counts_swap |= !err;
	/* Without the controller for memory there is none below, either; without pages none has some. */
	if (err || !*swap) {
		close(folder);
		return is_gone(err) ? 0 : err;
	}
	walk->depth++;
	err = visit_all(walk, folder, path, &below);
	walk->depth--;
	if (!err && *swap > below)
		err = add_group(walk, path, *swap, *swap - below);
	return err;
}

static int compare(const void *one, const void *other)
{
	const struct status_group *a = one, *b = other;

	if (a->own != b->own)
		return a->own > b->own ? -1 : 1;
	return strcmp(a->path, b->path);
}

int status_groups_read(int root, struct status_groups *groups)
{
	int folder = file_open_below(root, GROUPS_FOLDER, O_RDONLY | O_DIRECTORY), err;
	struct walk walk = { .groups = groups };
	__u64 swap;

	*groups = (struct status_groups){ 0 };
	if (folder < 0)
		return folder;
	err = visit_all(&walk, folder, "", &swap);
	if (!err && !walk.counts_swap)
		err = -ENOENT;
	if (err) {
		status_groups_free(groups);
		return err;
	}
	if (groups->count)
		qsort(groups->list, groups->count, sizeof(*groups->list), compare);
	return 0;
}

void status_groups_free(struct status_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		free(groups->list[i].path);
	free(groups->list);
	*groups = (struct status_groups){ 0 };
}
