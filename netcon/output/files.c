// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file for each address in one folder. Hosts are many, descriptors few: files that were not written to for long are closed. A line is
 * written by one write(2), and where that cannot be done as a whole, nothing of it stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/text/json.h"
#include "json.h"
#include "line.h"
#include "output.h"
#include "rotation.h"

enum { OPEN_MAX_FILES = 256, BUCKETS = 512 };

/* "fe80::1%4294967295.log" and the like. */
enum { FILE_NAME_ROOM = SOURCE_TEXT_MAX + 8 };

struct host_file {
	LIST_ENTRY(host_file) of_bucket;
	TAILQ_ENTRY(host_file) of_all; /* the one that was written to last is the first */
	struct in6_addr address;
	__u32 scope;
	int descriptor;
	__u64 size;
	__u64 rotate_at;
	bool is_torn; /* its last line has no end */
};

LIST_HEAD(bucket, host_file);
TAILQ_HEAD(file_list, host_file);

struct files {
	struct output output;
	char *folder_name;
	int folder;
	bool is_json;
	struct file_rotation rotation;
	struct bucket buckets[BUCKETS];
	struct file_list open;
	unsigned int open_count;
	FILE *out; /* writes into line */
	char *line;
	size_t line_size;
	char *problem; /* the last failure, in words; NULL: strerror is enough */
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
static int note_problem(struct files *files, const char *name, const char *what, int err)
{
	free(files->problem);
	if (asprintf(&files->problem, "%s/%s: %s%s", files->folder_name, name, what, *what ? strerror(-err) : reason(err)) < 0)
		files->problem = NULL;
	return err;
}

static const char *explain(struct output *output, int err)
{
	const struct files *files = (struct files *)output;

	return files->problem ? files->problem : strerror(-err);
}

/* --- open files */

static struct bucket *bucket_of(struct files *files, const struct netcon_source *source)
{
	__u32 words[4], hash = source->scope;

	memcpy(words, &source->address, sizeof(words));
	for (int i = 0; i < 4; i++)
		hash = (hash ^ words[i]) * 0x9e3779b1U;
	return &files->buckets[(hash >> 16) % BUCKETS];
}

static void name_of(char *name, const struct netcon_source *source)
{
	source_print_address(name, source);
	strcat(name, ".log");
}

static void close_file(struct files *files, struct host_file *file)
{
	LIST_REMOVE(file, of_bucket);
	TAILQ_REMOVE(&files->open, file, of_all);
	files->open_count--;
	close(file->descriptor);
	free(file);
}

static void close_all(struct files *files)
{
	while (!TAILQ_EMPTY(&files->open))
		close_file(files, TAILQ_FIRST(&files->open));
}

/* The descriptor; or a negative errno: it is not a regular file either. */
static int open_regular(struct files *files, const char *name, __u64 *size)
{
	/* Without O_NONBLOCK a pipe would be waited for. */
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	int descriptor = openat(files->folder, name, flags, 0640);
	struct stat st;

	while (descriptor < 0 && (errno == EMFILE || errno == ENFILE) && files->open_count) {
		close_file(files, TAILQ_LAST(&files->open, file_list));
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

static struct host_file *find_file(struct files *files, const struct netcon_source *source)
{
	struct host_file *file;

	LIST_FOREACH(file, bucket_of(files, source), of_bucket)
		if (file->scope == source->scope && !memcmp(&file->address, &source->address, sizeof(file->address)))
			break;
	return file;
}

static int open_file(struct files *files, const struct netcon_source *source, const char *name, struct host_file **found)
{
	struct host_file *file = calloc(1, sizeof(*file));
	int descriptor;

	if (!file)
		return -ENOMEM;
	if (files->open_count >= OPEN_MAX_FILES)
		close_file(files, TAILQ_LAST(&files->open, file_list));
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
static int rotate(struct files *files, const struct netcon_source *source, const char *name, struct host_file **file)
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

static int write_line(struct files *files, const char *name, struct host_file *file)
{
	size_t written = 0;

	if (file->is_torn && write(file->descriptor, "\n", 1) != 1)
		return note_problem(files, name, "", -errno);
	file->is_torn = false;
	while (written < files->line_size) {
		ssize_t put = write(file->descriptor, files->line + written, files->line_size - written);

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
static bool has_no_room(const struct files *files, struct host_file *file)
{
	struct stat st;

	if (!files->rotation.size || file->size + files->line_size <= file->rotate_at)
		return false;
	if (!fstat(file->descriptor, &st))
		file->size = (__u64)st.st_size;
	return file->size && file->size + files->line_size > file->rotate_at;
}

/* The line is in files->line. */
static int write_to_host(struct files *files, const struct netcon_source *source)
{
	struct host_file *file = find_file(files, source);
	char name[FILE_NAME_ROOM];
	int err = 0, rotation_err = 0;

	name_of(name, source);
	if (!file)
		err = open_file(files, source, name, &file);
	if (err)
		return err;
	if (has_no_room(files, file)) {
		rotation_err = rotate(files, source, name, &file);
		file = find_file(files, source);
		if (!file)
			return rotation_err;
	}
	TAILQ_REMOVE(&files->open, file, of_all);
	TAILQ_INSERT_HEAD(&files->open, file, of_all);
	err = write_line(files, name, file);
	return err ? err : rotation_err;
}

/* --- lines */

static int finish_line(struct files *files)
{
	if (!fflush(files->out) && !ferror(files->out))
		return 0;
	clearerr(files->out);
	return -ENOMEM;
}

static int print_json(struct files *files, struct json_object *object)
{
	if (!object)
		return -ENOMEM;
	json_print_line(files->out, object);
	return 0;
}

static int put(struct output *output, const struct received *received)
{
	struct files *files = (struct files *)output;
	int err = 0;

	rewind(files->out);
	if (files->is_json)
		err = print_json(files, json_of(received));
	else
		line_of(files->out, received);
	if (!err)
		err = finish_line(files);
	return err ? err : write_to_host(files, &received->source);
}

/* What happened to no host in particular has no file. */
static int put_happened(struct output *output, const struct happened *happened)
{
	struct files *files = (struct files *)output;
	int err = 0;

	if (happened->what == HAPPENED_DROPPED)
		return 0;
	rewind(files->out);
	if (files->is_json)
		err = print_json(files, json_of_happened(happened));
	else
		line_of_happened(files->out, happened);
	if (!err)
		err = finish_line(files);
	return err ? err : write_to_host(files, &happened->source);
}

/* --- the output */

static int open_folder(struct files *files)
{
	int folder = open(files->folder_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return -errno;
	if (files->folder >= 0)
		close(files->folder);
	files->folder = folder;
	return 0;
}

static int reopen(struct output *output)
{
	struct files *files = (struct files *)output;

	close_all(files);
	return open_folder(files);
}

static int close_files(struct output *output)
{
	struct files *files = (struct files *)output;

	close_all(files);
	if (files->folder >= 0)
		close(files->folder);
	if (files->out)
		fclose(files->out);
	free(files->line);
	free(files->problem);
	free(files->folder_name);
	free(files);
	return 0;
}

int output_files(const char *folder, bool json, const struct file_rotation *rotation, struct output **output)
{
	struct files *files = calloc(1, sizeof(*files));
	int err = -ENOMEM;

	if (!files)
		return err;
	files->folder = -1;
	files->is_json = json;
	files->rotation = *rotation;
	TAILQ_INIT(&files->open);
	files->folder_name = strdup(folder);
	files->out = open_memstream(&files->line, &files->line_size);
	files->output = (struct output){ .name = files->folder_name, .needs_lock = true, .put = put, .happened = put_happened,
		.reopen = reopen, .close = close_files, .explain = explain };
	if (files->folder_name && files->out)
		err = open_folder(files);
	if (err)
		close_files(&files->output);
	else
		*output = &files->output;
	return err;
}
