// SPDX-License-Identifier: GPL-2.0-or-later
#include "walk.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "../../lib/thread/pool.h"
#include "inode_set.h"

/* A folder that waits to be read. */
struct folder {
	struct folder *next;
	dev_t device; /* of the folder it was found in */
	size_t root;
	bool is_root;
	char path[];
};

struct walking {
	const struct tree_walk *walk;
	pthread_mutex_t lock; /* of all that follows but the atomic flag */
	pthread_cond_t change;
	struct folder *folders;
	size_t unfinished; /* folders that wait or are being read: these may hold more */
	struct inode_set seen;
	int err;
	atomic_bool is_given_up;
};

static bool is_given_up(struct walking *walking)
{
	const volatile sig_atomic_t *is_cancelled = walking->walk->is_cancelled;

	if (is_cancelled && *is_cancelled)
		atomic_store(&walking->is_given_up, true);
	return atomic_load(&walking->is_given_up);
}

static void give_up(struct walking *walking, int err)
{
	pthread_mutex_lock(&walking->lock);
	walking->err = walking->err ? walking->err : err;
	pthread_mutex_unlock(&walking->lock);
	atomic_store(&walking->is_given_up, true);
}

static void note_unreadable(const struct walking *walking, const char *path, int err)
{
	if (err != -ENOENT && err != -ESTALE)
		walking->walk->unreadable(walking->walk->context, path, err);
}

static void add_folder(struct walking *walking, const char *path, size_t root, const dev_t *device)
{
	size_t size = strlen(path) + 1;
	struct folder *folder = malloc(sizeof(*folder) + size);

	if (!folder) {
		give_up(walking, -ENOMEM);
		return;
	}
	folder->device = device ? *device : 0;
	folder->root = root;
	folder->is_root = !device;
	memcpy(folder->path, path, size);
	pthread_mutex_lock(&walking->lock);
	folder->next = walking->folders;
	walking->folders = folder;
	walking->unfinished++;
	pthread_cond_signal(&walking->change);
	pthread_mutex_unlock(&walking->lock);
}

/* Whether to read a folder that was just opened; says what kind of file system it is on. */
static bool is_to_be_read(struct walking *walking, const struct folder *folder, int fd,
	const struct stat *st, enum file_system_kind *kind)
{
	struct statfs fs;
	int is_new;

	*kind = fstatfs(fd, &fs) ? FILE_SYSTEM_UNSTABLE
				 : file_system_kind((unsigned long)fs.f_type);
	if (!folder->is_root && folder->device != st->st_dev &&
		!walking->walk->crosses(walking->walk->context, folder->path, *kind))
		return false;
	pthread_mutex_lock(&walking->lock);
	is_new = inode_set_add(&walking->seen, st->st_dev, st->st_ino);
	pthread_mutex_unlock(&walking->lock);
	if (is_new < 0)
		give_up(walking, is_new);
	return is_new > 0;
}

static void look_at_name(struct walking *walking, const struct folder *folder, DIR *directory,
	const struct dirent *entry, const struct stat *st, enum file_system_kind kind)
{
	const struct tree_walk *walk = walking->walk;
	unsigned char type = entry->d_type;
	size_t length = strlen(folder->path);
	char path[PATH_MAX];
	struct stat found;

	if (type == DT_UNKNOWN &&
		!fstatat(dirfd(directory), entry->d_name, &found, AT_SYMLINK_NOFOLLOW))
		type = IFTODT(found.st_mode);
	if (type != DT_DIR && type != DT_REG)
		return;
	if (snprintf(path, sizeof(path), "%s%s%s", folder->path,
		    length && folder->path[length - 1] == '/' ? "" : "/",
		    entry->d_name) >= (int)sizeof(path)) {
		note_unreadable(walking, folder->path, -ENAMETOOLONG);
	} else if (type == DT_DIR) {
		if (!walk->enters || walk->enters(walk->context, path, folder->root))
			add_folder(walking, path, folder->root, &st->st_dev);
	} else {
		walk->file(walk->context,
			&(struct tree_entry){
				dirfd(directory), entry->d_name, path, folder->root, kind });
	}
}

static void read_names(struct walking *walking, const struct folder *folder, DIR *directory,
	const struct stat *st, enum file_system_kind kind)
{
	while (!is_given_up(walking)) {
		const struct dirent *entry;

		errno = 0;
		entry = readdir(directory);
		if (!entry) {
			if (errno)
				note_unreadable(walking, folder->path, -errno);
			return;
		}
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			look_at_name(walking, folder, directory, entry, st, kind);
	}
}

static void read_folder(struct walking *walking, const struct folder *folder)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;
	int fd = open(folder->path, folder->is_root ? flags : flags | O_NOFOLLOW);
	enum file_system_kind kind;
	DIR *directory = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		if (errno != ELOOP && errno != ENOTDIR)
			note_unreadable(walking, folder->path, -errno);
	} else if (is_to_be_read(walking, folder, fd, &st, &kind)) {
		directory = fdopendir(fd);
		if (!directory)
			note_unreadable(walking, folder->path, -errno);
	}
	if (directory) {
		read_names(walking, folder, directory, &st, kind);
		closedir(directory);
	} else if (fd >= 0) {
		close(fd);
	}
}

/* The next folder to read; NULL: there is none, and nobody is left who could find one. */
static struct folder *take_folder(struct walking *walking)
{
	struct folder *folder;

	pthread_mutex_lock(&walking->lock);
	while (!walking->folders && walking->unfinished)
		pthread_cond_wait(&walking->change, &walking->lock);
	folder = walking->folders;
	if (folder)
		walking->folders = folder->next;
	pthread_mutex_unlock(&walking->lock);
	return folder;
}

static void finish_folder(struct walking *walking, struct folder *folder)
{
	free(folder);
	pthread_mutex_lock(&walking->lock);
	if (--walking->unfinished == 0)
		pthread_cond_broadcast(&walking->change);
	pthread_mutex_unlock(&walking->lock);
}

static void look(void *context)
{
	struct walking *walking = context;
	struct folder *folder;

	while ((folder = take_folder(walking))) {
		if (!is_given_up(walking))
			read_folder(walking, folder);
		finish_folder(walking, folder);
	}
}

static void begin_at(struct walking *walking, size_t root)
{
	const struct tree_walk *walk = walking->walk;
	const char *path = walk->roots[root];
	enum file_system_kind kind = FILE_SYSTEM_UNSTABLE;
	struct statfs fs;
	struct stat st;

	if (stat(path, &st)) {
		walk->unreadable(walk->context, path, -errno);
	} else if (S_ISDIR(st.st_mode)) {
		add_folder(walking, path, root, NULL);
	} else if (S_ISREG(st.st_mode)) {
		if (!statfs(path, &fs))
			kind = file_system_kind((unsigned long)fs.f_type);
		walk->file(walk->context,
			&(struct tree_entry){ AT_FDCWD, path, path, root, kind });
	}
}

static void tick(void *context)
{
	const struct walking *walking = context;

	if (walking->walk->tick)
		walking->walk->tick(walking->walk->context);
}

int tree_walk(const struct tree_walk *walk)
{
	struct walking walking = { .walk = walk };
	int err;

	pthread_mutex_init(&walking.lock, NULL);
	pthread_cond_init(&walking.change, NULL);
	for (size_t i = 0; i < walk->root_count; i++)
		begin_at(&walking, i);
	err = pool_run(walk->threads, look, tick, &walking);
	if (!err)
		err = walking.err;
	if (!err && atomic_load(&walking.is_given_up))
		err = -ECANCELED;
	while (walking.folders) {
		struct folder *folder = walking.folders;

		walking.folders = folder->next;
		free(folder);
	}
	inode_set_free(&walking.seen);
	pthread_cond_destroy(&walking.change);
	pthread_mutex_destroy(&walking.lock);
	return err;
}
