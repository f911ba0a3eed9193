// SPDX-License-Identifier: GPL-2.0-or-later
#include "host_files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/rotation.h"

/* "fe80::1%4294967295.log" and the like. */
enum { FILE_NAME_ROOM = SOURCE_TEXT_MAX + 8 };

struct host_file {
	LIST_ENTRY(host_file) of_bucket;
	TAILQ_ENTRY(host_file) of_all;
	struct in6_addr address;
	__u32 scope;
	int descriptor;
	__u64 size;
	__u64 rotate_at;
	bool is_torn; /* its last line has no end */
};

/* --- words */

static const char *reason(int err)
{
	switch (err) {
	case -ELOOP:
		return "a symbolic link, which is not followed: remove it";
	case -EISDIR:
		return "a folder: remove it";
	case -ENXIO:
	case -EINVAL:
		return "not a regular file: remove it";
	default:
		return strerror(-err);
	}
}

/* Returns err. */
static int note_problem(struct host_files *files, const char *name, const char *what, int err)
{
	free(files->problem);
	if (asprintf(&files->problem, "%s/%s: %s%s", files->folder_name, name, what, *what ? strerror(-err) : reason(err)) < 0)
		files->problem = NULL;
	return err;
}

/* --- open files */

static struct host_bucket *bucket_of(struct host_files *files, const struct netcon_source *source)
{
	__u32 words[4], hash = source->scope;

	memcpy(words, &source->address, sizeof(words));
	for (int i = 0; i < 4; i++)
		hash = (hash ^ words[i]) * 0x9e3779b1U;
	return &files->buckets[(hash >> 16) % HOST_FILES_BUCKETS];
}

static void name_of(char *name, const struct netcon_source *source)
{
	source_print_address(name, source);
	strcat(name, ".log");
}

static void close_file(struct host_files *files, struct host_file *file)
{
	LIST_REMOVE(file, of_bucket);
	TAILQ_REMOVE(&files->open, file, of_all);
	files->open_count--;
	close(file->descriptor);
	free(file);
}

static void close_all(struct host_files *files)
{
	while (!TAILQ_EMPTY(&files->open))
		close_file(files, TAILQ_FIRST(&files->open));
}

/* The descriptor; or a negative errno: it is not a regular file either. */
static int open_regular(struct host_files *files, const char *name, __u64 *size)
{
	/* Without O_NONBLOCK a pipe would be waited for. */
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	int descriptor = openat(files->folder, name, flags, 0640);
	struct stat st;

	while (descriptor < 0 && (errno == EMFILE || errno == ENFILE) && files->open_count) {
		close_file(files, TAILQ_LAST(&files->open, host_file_list));
		descriptor = openat(files->folder, name, flags, 0640);
	}
	if (descriptor < 0)
		return -errno;
	if (fstat(descriptor, &st) || !S_ISREG(st.st_mode)) {
		close(descriptor);
		return -EINVAL;
	}
	*size = (__u64)st.st_size;
	return descriptor;
}

static struct host_file *find_file(struct host_files *files, const struct netcon_source *source)
{
	struct host_file *file;

	LIST_FOREACH(file, bucket_of(files, source), of_bucket)
		if (file->scope == source->scope && !memcmp(&file->address, &source->address, sizeof(file->address)))
			break;
	return file;
}

static int open_file(struct host_files *files, const struct netcon_source *source, const char *name, struct host_file **found)
{
	struct host_file *file = calloc(1, sizeof(*file));
	int descriptor;

	if (!file)
		return -ENOMEM;
	if (files->open_count >= HOST_FILES_OPEN_MAX)
		close_file(files, TAILQ_LAST(&files->open, host_file_list));
	descriptor = open_regular(files, name, &file->size);
	if (descriptor < 0) {
		free(file);
		return note_problem(files, name, "", descriptor);
	}
	file->descriptor = descriptor;
	file->address = source->address;
	file->scope = source->scope;
	file->rotate_at = files->rotation.size;
	LIST_INSERT_HEAD(bucket_of(files, source), file, of_bucket);
	TAILQ_INSERT_HEAD(&files->open, file, of_all);
	files->open_count++;
	*found = file;
	return 0;
}

/* --- writing */

/*
 * Begins a new file where this one has no room for the line. Where that fails, the old one grows on; it is tried again when that has
 * grown by an eighth.
 */
static int rotate(struct host_files *files, const struct netcon_source *source, const char *name, struct host_file **file)
{
	int err = rotation_rename(files->folder, name, files->rotation.keep);

	if (err) {
		(*file)->rotate_at = (*file)->size + files->rotation.size / 8 + 1;
		return note_problem(files, name, "cannot be renamed: ", err);
	}
	close_file(files, *file);
	return open_file(files, source, name, file);
}

/* Of a line that was not written as a whole, takes away what was. Where even that fails, the next line begins anew. */
static void take_back(struct host_file *file, size_t written)
{
	off_t end = lseek(file->descriptor, 0, SEEK_CUR);

	if (written)
		file->is_torn = end < (off_t)written || ftruncate(file->descriptor, end - (off_t)written);
}

static int write_line(struct host_files *files, const char *name, struct host_file *file, const char *line, size_t size)
{
	size_t written = 0;

	if (file->is_torn && write(file->descriptor, "\n", 1) != 1)
		return note_problem(files, name, "", -errno);
	file->is_torn = false;
	while (written < size) {
		ssize_t put = write(file->descriptor, line + written, size - written);

		if (put > 0) {
			written += (size_t)put;
		} else if (put < 0 && errno != EINTR) {
			int err = -errno;

			take_back(file, written);
			return note_problem(files, name, "", err);
		}
	}
	file->size += written;
	return 0;
}

/* Others may have made it shorter: its size is asked for before it has to go. */
static bool has_no_room(const struct host_files *files, struct host_file *file, size_t size)
{
	struct stat st;

	if (!files->rotation.size || file->size + size <= file->rotate_at)
		return false;
	if (!fstat(file->descriptor, &st))
		file->size = (__u64)st.st_size;
	return file->size && file->size + size > file->rotate_at;
}

int host_files_write(struct host_files *files, const struct netcon_source *source, const char *line, size_t size)
{
	struct host_file *file = find_file(files, source);
	char name[FILE_NAME_ROOM];
	int err = 0, rotation_err = 0;

	name_of(name, source);
	if (!file)
		err = open_file(files, source, name, &file);
	if (err)
		return err;
	if (has_no_room(files, file, size)) {
		rotation_err = rotate(files, source, name, &file);
		file = find_file(files, source);
		if (!file)
			return rotation_err;
	}
	TAILQ_REMOVE(&files->open, file, of_all);
	TAILQ_INSERT_HEAD(&files->open, file, of_all);
	err = write_line(files, name, file, line, size);
	return err ? err : rotation_err;
}

/* --- all */

static int open_folder(struct host_files *files)
{
	int folder = open(files->folder_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return -errno;
	if (files->folder >= 0)
		close(files->folder);
	files->folder = folder;
	return 0;
}

int host_files_open(struct host_files *files, const char *folder, const struct file_rotation *rotation)
{
	files->folder = -1;
	files->rotation = *rotation;
	TAILQ_INIT(&files->open);
	files->folder_name = strdup(folder);
	return files->folder_name ? open_folder(files) : -ENOMEM;
}

int host_files_reopen(struct host_files *files)
{
	int err;

	close_all(files);
	err = open_folder(files);
	return err ? note_problem(files, "", "", err) : 0;
}

void host_files_close(struct host_files *files)
{
	close_all(files);
	if (files->folder >= 0)
		close(files->folder);
	free(files->problem);
	free(files->folder_name);
}
