// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../elf/debug.h"
#include "../file/fd_source.h"
#include "walk.h"

struct collecting {
	const struct tree_selection *selection;
	struct tree_files *files;
	pthread_mutex_t lock; /* of all that follows but the atomic numbers, and of files */
	size_t name_room, unreadable_room, left_out_room;
	int err;
	_Atomic __u64 seen, excluded, not_elf, only_debug;
};

bool tree_patterns_match(const struct tree_patterns *patterns, const char *relative)
{
	const char *end = strrchr(relative, '/'), *name = end ? end + 1 : relative;

	for (size_t i = 0; i < patterns->count; i++) {
		const char *pattern = patterns->patterns[i];
		bool has_slash = strchr(pattern, '/');

		if (!fnmatch(*pattern == '/' ? pattern + 1 : pattern, has_slash ? relative : name,
			    0))
			return true;
	}
	return false;
}

/* Makes room for one more element of size bytes; false when memory is short. */
static bool make_room(void **array, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? 2 * *room : 256;
	void *grown;

	if (count < *room)
		return true;
	grown = reallocarray(*array, wanted, size);
	if (!grown)
		return false;
	*array = grown;
	*room = wanted;
	return true;
}

/* The path below the root; of a root that is a file its name. */
static const char *below_root(const struct collecting *collecting, const char *path, size_t root)
{
	const char *start = path + strlen(collecting->selection->roots[root]);

	while (*start == '/')
		start++;
	if (!*start)
		start = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	return start;
}

static void add_name(
	struct collecting *collecting, const struct tree_entry *entry, const struct stat *st)
{
	struct tree_files *files = collecting->files;
	char *path = strdup(entry->path);
	struct tree_name name = { path, NULL, st->st_dev, st->st_ino, (__u64)st->st_size };

	if (path)
		name.relative = below_root(collecting, path, entry->root);
	pthread_mutex_lock(&collecting->lock);
	if (path && make_room((void **)&files->names, files->name_count, &collecting->name_room,
			    sizeof(*files->names))) {
		files->names[files->name_count++] = name;
	} else {
		collecting->err = -ENOMEM;
		free(path);
	}
	pthread_mutex_unlock(&collecting->lock);
}

static void note_unreadable(void *context, const char *path, int err)
{
	struct collecting *collecting = context;
	struct tree_files *files = collecting->files;
	char *copy = strdup(path);

	pthread_mutex_lock(&collecting->lock);
	if (copy && make_room((void **)&files->unreadable, files->unreadable_count,
			    &collecting->unreadable_room, sizeof(*files->unreadable))) {
		files->unreadable[files->unreadable_count++] = (struct tree_trouble){ copy, -err };
	} else {
		collecting->err = -ENOMEM;
		free(copy);
	}
	pthread_mutex_unlock(&collecting->lock);
}

/* What the kernel would run or a linker link: not what it wrote when a program died. */
static bool is_elf(const __u8 *head, size_t size)
{
	unsigned int type;

	if (size < SELFMAG || memcmp(head, ELFMAG, SELFMAG))
		return false;
	if (size < EI_NIDENT + 2)
		return true;
	type = head[EI_DATA] == ELFDATA2MSB ? head[EI_NIDENT + 1] : head[EI_NIDENT];
	return type != ET_CORE;
}

/* One that cannot be read is not left out: who works on it says why. */
static bool has_only_debug(int fd, const struct stat *st)
{
	struct fd_windows windows;
	const struct elf_source source = fd_source(&windows, fd, (__u64)st->st_size);

	return elf_has_only_debug(&source) > 0;
}

static void look_at_file(void *context, const struct tree_entry *entry)
{
	struct collecting *collecting = context;
	const struct tree_selection *selection = collecting->selection;
	const char *relative = below_root(collecting, entry->path, entry->root);
	int fd, flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	__u8 head[EI_NIDENT + 2];
	struct stat st;
	ssize_t size;

	atomic_fetch_add(&collecting->seen, 1);
	if ((selection->include.count && !tree_patterns_match(&selection->include, relative)) ||
		tree_patterns_match(&selection->exclude, relative)) {
		atomic_fetch_add(&collecting->excluded, 1);
		return;
	}
	/* A symbolic link is followed where it was named itself, as a root. */
	if (entry->directory != AT_FDCWD)
		flags |= O_NOFOLLOW;
	fd = openat(entry->directory, entry->name, flags);
	if (fd < 0) {
		if (errno != ENOENT && errno != ESTALE && errno != ELOOP)
			note_unreadable(collecting, entry->path, -errno);
		return;
	}
	size = pread(fd, head, sizeof(head), 0);
	if (size < 0 || fstat(fd, &st))
		note_unreadable(collecting, entry->path, -errno);
	else if (!is_elf(head, (size_t)size) || !S_ISREG(st.st_mode))
		atomic_fetch_add(&collecting->not_elf, 1);
	else if (selection->leave_out_debug && has_only_debug(fd, &st))
		atomic_fetch_add(&collecting->only_debug, 1);
	else
		add_name(collecting, entry, &st);
	close(fd);
}

static bool enters(void *context, const char *path, size_t root)
{
	const struct collecting *collecting = context;
	const struct tree_selection *selection = collecting->selection;
	struct stat st;

	if (tree_patterns_match(&selection->exclude, below_root(collecting, path, root)))
		return false;
	return !selection->output_inode || lstat(path, &st) ||
		st.st_ino != selection->output_inode || st.st_dev != selection->output_device;
}

static bool crosses(void *context, const char *path, enum file_system_kind kind)
{
	struct collecting *collecting = context;
	struct tree_files *files = collecting->files;
	char *copy;

	if (kind == FILE_SYSTEM_PSEUDO)
		return false;
	if (collecting->selection->all_file_systems)
		return true;
	copy = strdup(path);
	pthread_mutex_lock(&collecting->lock);
	if (copy && make_room((void **)&files->left_out, files->left_out_count,
			    &collecting->left_out_room, sizeof(*files->left_out)))
		files->left_out[files->left_out_count++] = copy;
	else
		free(copy);
	pthread_mutex_unlock(&collecting->lock);
	return false;
}

static void tick(void *context)
{
	struct collecting *collecting = context;

	if (collecting->selection->tick)
		collecting->selection->tick(
			collecting->selection->context, atomic_load(&collecting->seen));
}

static int compare_names(const void *a, const void *b)
{
	const struct tree_name *one = a, *other = b;

	if (one->device != other->device)
		return one->device < other->device ? -1 : 1;
	if (one->inode != other->inode)
		return one->inode < other->inode ? -1 : 1;
	return strcmp(one->path, other->path);
}

static int compare_files(const void *a, const void *b)
{
	const struct tree_file *one = a, *other = b;

	if (one->names->size != other->names->size)
		return one->names->size < other->names->size ? 1 : -1;
	return strcmp(one->names->path, other->names->path);
}

static int compare_troubles(const void *a, const void *b)
{
	return strcmp(((const struct tree_trouble *)a)->path, ((const struct tree_trouble *)b)->path);
}

/* A path that was found twice, through a folder and by its own name, is one name. */
static void drop_repetitions(struct tree_files *files)
{
	size_t kept = 0;

	for (size_t i = 0; i < files->name_count; i++) {
		if (kept && !compare_names(&files->names[kept - 1], &files->names[i]))
			free(files->names[i].path);
		else
			files->names[kept++] = files->names[i];
	}
	files->name_count = kept;
}

static int group_names(struct tree_files *files)
{
	if (!files->name_count)
		return 0;
	qsort(files->names, files->name_count, sizeof(*files->names), compare_names);
	drop_repetitions(files);
	files->files = calloc(files->name_count, sizeof(*files->files));
	if (!files->files)
		return -ENOMEM;
	for (size_t i = 0; i < files->name_count; i++) {
		const struct tree_name *name = &files->names[i];

		if (i && name->inode == name[-1].inode && name->device == name[-1].device)
			files->files[files->count - 1].name_count++;
		else
			files->files[files->count++] = (struct tree_file){ name, 1 };
	}
	qsort(files->files, files->count, sizeof(*files->files), compare_files);
	return 0;
}

int tree_collect(const struct tree_selection *selection, struct tree_files *files)
{
	struct collecting collecting = { .selection = selection, .files = files };
	const struct tree_walk walk = {
		.roots = selection->roots,
		.root_count = selection->root_count,
		.threads = selection->threads,
		.file = look_at_file,
		.enters = enters,
		.crosses = crosses,
		.unreadable = note_unreadable,
		.tick = tick,
		.context = &collecting,
		.is_cancelled = selection->is_cancelled,
	};
	int err;

	*files = (struct tree_files){ 0 };
	pthread_mutex_init(&collecting.lock, NULL);
	err = tree_walk(&walk);
	pthread_mutex_destroy(&collecting.lock);
	if (!err)
		err = collecting.err;
	files->seen = atomic_load(&collecting.seen);
	files->excluded = atomic_load(&collecting.excluded);
	files->not_elf = atomic_load(&collecting.not_elf);
	files->only_debug = atomic_load(&collecting.only_debug);
	if (files->unreadable_count)
		qsort(files->unreadable, files->unreadable_count, sizeof(*files->unreadable),
			compare_troubles);
	return err ? err : group_names(files);
}

void tree_files_free(struct tree_files *files)
{
	for (size_t i = 0; i < files->name_count; i++)
		free(files->names[i].path);
	for (size_t i = 0; i < files->unreadable_count; i++)
		free(files->unreadable[i].path);
	for (size_t i = 0; i < files->left_out_count; i++)
		free(files->left_out[i]);
	free(files->names);
	free(files->files);
	free(files->unreadable);
	free(files->left_out);
	*files = (struct tree_files){ 0 };
}
