// SPDX-License-Identifier: GPL-2.0-or-later
#include "sysfs.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/text/number.h"

struct entry {
	char *name, *target; /* target: the folder's name */
	struct slab_facts *facts;
};

struct slab_sysfs {
	int fd;
	struct entry *entries; /* sorted by name */
	size_t count, capacity;
	struct slab_facts *facts;
	const char **names; /* the slices that facts point into */
};

static const struct {
	const char *file, *name;
} flags_known[] = {
	{ "reclaim_account", "reclaimable" },
	{ "cache_dma", "dma" },
	{ "destroy_by_rcu", "rcu" },
	{ "hwcache_align", "aligned" },
	{ "poison", "poison" },
	{ "red_zone", "red_zone" },
	{ "store_user", "store_user" },
	{ "sanity_checks", "checked" },
	{ "trace", "traced" },
};

enum { FLAG_COUNT = sizeof(flags_known) / sizeof(flags_known[0]) };

const char *slab_flag_name(unsigned int flag)
{
	for (unsigned int i = 0; i < FLAG_COUNT; i++)
		if (flag == 1u << i)
			return flags_known[i].name;
	return NULL;
}

static char *read_target(int fd, const char *name)
{
	char path[PATH_MAX], *base;
	ssize_t length = readlinkat(fd, name, path, sizeof(path) - 1);

	if (length < 0) /* a folder */
		return strdup(name);
	path[length] = '\0';
	base = strrchr(path, '/');
	return strdup(base ? base + 1 : path);
}

static int add_entry(struct slab_sysfs *sysfs, const char *name)
{
	struct entry *entry;

	if (sysfs->count == sysfs->capacity) {
		size_t capacity = sysfs->capacity ? 2 * sysfs->capacity : 256;
		struct entry *entries = reallocarray(sysfs->entries, capacity, sizeof(*entries));

		if (!entries)
			return -ENOMEM;
		sysfs->entries = entries;
		sysfs->capacity = capacity;
	}
	entry = &sysfs->entries[sysfs->count++];
	*entry = (struct entry){ .name = strdup(name), .target = read_target(sysfs->fd, name) };
	return entry->name && entry->target ? 0 : -ENOMEM;
}

static int list_entries(struct slab_sysfs *sysfs)
{
	int fd = dup(sysfs->fd), err = 0;
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *found;

	if (!folder) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	while (!err && (errno = 0, found = readdir(folder)))
		if (found->d_name[0] != '.')
			err = add_entry(sysfs, found->d_name);
	if (!err && errno)
		err = -errno;
	closedir(folder);
	return err;
}

static int by_target(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;
	int order = strcmp(a->target, b->target);

	return order ? order : strcmp(a->name, b->name);
}

static int by_name(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;

	return strcmp(a->name, b->name);
}

static int group(struct slab_sysfs *sysfs)
{
	size_t groups = 0, names = 0;

	sysfs->facts = calloc(sysfs->count + 1, sizeof(*sysfs->facts));
	sysfs->names = calloc(sysfs->count + 1, sizeof(*sysfs->names));
	if (!sysfs->facts || !sysfs->names)
		return -ENOMEM;
	qsort(sysfs->entries, sysfs->count, sizeof(*sysfs->entries), by_target);
	for (size_t i = 0; i < sysfs->count; i++) {
		struct entry *entry = &sysfs->entries[i];

		if (!i || strcmp(entry->target, entry[-1].target)) {
			sysfs->facts[groups].folder = entry->target;
			sysfs->facts[groups++].names = &sysfs->names[names];
		}
		entry->facts = &sysfs->facts[groups - 1];
		if (entry->name[0] == ':')
			continue;
		sysfs->names[names++] = entry->name;
		entry->facts->name_count++;
	}
	qsort(sysfs->entries, sysfs->count, sizeof(*sysfs->entries), by_name);
	return 0;
}

int slab_sysfs_open(struct slab_sysfs **sysfs, const char *folder)
{
	int err;

	*sysfs = calloc(1, sizeof(**sysfs));
	if (!*sysfs)
		return -ENOMEM;
	(*sysfs)->fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = (*sysfs)->fd < 0 ? -errno : list_entries(*sysfs);
	if (!err)
		err = group(*sysfs);
	if (err) {
		slab_sysfs_free(*sysfs);
		*sysfs = NULL;
	}
	return err;
}

void slab_sysfs_free(struct slab_sysfs *sysfs)
{
	if (!sysfs)
		return;
	for (size_t i = 0; i < sysfs->count; i++) {
		free(sysfs->entries[i].name);
		free(sysfs->entries[i].target);
	}
	free(sysfs->entries);
	free(sysfs->facts);
	free(sysfs->names);
	if (sysfs->fd >= 0)
		close(sysfs->fd);
	free(sysfs);
}

/* The beginning of an attribute, as a string. */
static bool read_attribute(const struct slab_sysfs *sysfs, const char *folder, const char *file,
	char *text, size_t size)
{
	char path[PATH_MAX];
	ssize_t got;
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s", folder, file) >= (int)sizeof(path))
		return false;
	fd = openat(sysfs->fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, text, size - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got > 0;
}

static void load(const struct slab_sysfs *sysfs, struct slab_facts *facts, unsigned int flags)
{
	char text[64];

	for (unsigned int i = 0; i < FLAG_COUNT; i++) {
		unsigned int flag = 1u << i;

		if (!(flags & flag) || facts->loaded & flag)
			continue;
		if (read_attribute(sysfs, facts->folder, flags_known[i].file, text, sizeof(text)) &&
			*text == '1')
			facts->flags |= flag;
		facts->loaded |= flag;
	}
	if (flags == SLAB_ALL_FLAGS &&
		read_attribute(sysfs, facts->folder, "order", text, sizeof(text)))
		facts->order = strtoul(text, NULL, 10);
}

static struct entry *find_entry(const struct slab_sysfs *sysfs, const char *name)
{
	const struct entry wanted = { .name = (char *)name };

	return sysfs->count ? bsearch(&wanted, sysfs->entries, sysfs->count,
				      sizeof(*sysfs->entries), by_name)
			    : NULL;
}

const struct slab_facts *slab_sysfs_find(
	struct slab_sysfs *sysfs, const char *name, unsigned int flags)
{
	struct entry *entry = find_entry(sysfs, name);

	if (!entry)
		return NULL;
	if ((entry->facts->loaded & flags) != flags)
		load(sysfs, entry->facts, flags);
	return entry->facts;
}

/* "TOTAL N0=NUMBER N1=NUMBER..." */
static void parse_nodes(struct slab_nodes *nodes, const char *text, size_t field)
{
	for (const char *at = strstr(text, " N"); at; at = strstr(at + 1, " N")) {
		const char *rest = at + 2;
		__u64 node, number;

		if (number_read(&rest, &node) || node >= SLAB_NODES_MAX || *rest++ != '=' ||
			number_read(&rest, &number))
			continue;
		*(__u64 *)((char *)&nodes->nodes[node] + field) = number;
		if (node >= nodes->count)
			nodes->count = (unsigned int)node + 1;
	}
}

int slab_sysfs_nodes(struct slab_sysfs *sysfs, const char *name, struct slab_nodes *nodes)
{
	static const struct {
		const char *file;
		size_t field;
	} attributes[] = {
		{ "objects", offsetof(struct slab_node, active_objs) },
		{ "total_objects", offsetof(struct slab_node, num_objs) },
		{ "slabs", offsetof(struct slab_node, num_slabs) },
		{ "partial", offsetof(struct slab_node, partial_slabs) },
	};
	struct entry *entry = find_entry(sysfs, name);
	char text[4096];

	*nodes = (struct slab_nodes){ 0 };
	if (!entry)
		return -ENOENT;
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (read_attribute(sysfs, entry->target, attributes[i].file, text, sizeof(text)))
			parse_nodes(nodes, text, attributes[i].field);
	return nodes->count ? 0 : -ENODATA;
}
