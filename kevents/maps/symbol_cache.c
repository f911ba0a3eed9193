// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/text/text.h"
#include "../jit/process_root.h"
#include "symbol_cache.h"
#include "symbol_table.h"

static const size_t memory_max = 64 << 20;
enum { FILES_MAX = 512 };

struct cached {
	struct cached *next; /* the one used before it */
	uint64_t device, inode;
	uint8_t build_id[KEVENTS_BUILD_ID_MAX];
	uint32_t build_id_size;
	struct symbols *own, *debug; /* either may be NULL */
	const char *why_not;	     /* there is none, as pid sees it */
	int32_t pid;
	size_t memory;
	char path[]; /* of those without build id and inode the only name */
};

struct symbol_cache {
	struct cached *files; /* last used first */
	size_t count, memory;
	struct symbols *kernel;
	const char *why_no_kernel;
};

int symbol_cache_new(struct symbol_cache **cache)
{
	*cache = calloc(1, sizeof(**cache));
	return *cache ? 0 : -ENOMEM;
}

static void free_cached(struct symbol_cache *cache, struct cached **link)
{
	struct cached *file = *link;

	*link = file->next;
	cache->count--;
	cache->memory -= file->memory;
	symbols_free(file->own);
	symbols_free(file->debug);
	free(file);
}

void symbol_cache_forget_kernel(struct symbol_cache *cache)
{
	symbols_free(cache->kernel);
	cache->kernel = NULL;
	cache->why_no_kernel = NULL;
}

void symbol_cache_free(struct symbol_cache *cache)
{
	if (!cache)
		return;
	while (cache->files)
		free_cached(cache, &cache->files);
	symbols_free(cache->kernel);
	free(cache);
}

size_t symbol_cache_memory(const struct symbol_cache *cache)
{
	return cache->memory + (cache->kernel ? symbols_memory(cache->kernel) : 0);
}

static const char *words_of(int err)
{
	switch (err) {
	case -ENOENT:
		return "the file is not there any more";
	case -ESTALE:
	case -ELOOP:
		return "the file is another one by now";
	case -EACCES:
	case -EPERM:
		return "no right to read the file";
	case -ENOEXEC:
		return "not an ELF file";
	case -EINVAL:
		return "not a regular file";
	case -EFBIG:
		return "the file has too many symbols";
	default:
		return "the file cannot be read";
	}
}

/* Whether a file is the one that was mapped; a build id would tell it better. */
static bool is_the_inode(int fd, const struct subject *image)
{
	struct stat status;

	return image->build_id_size || (!fstat(fd, &status) && status.st_ino == image->inode);
}

/* Opens a file as the process saw it, or if the process has gone, as this one does. */
static int open_image(const struct subject *image, int32_t pid)
{
	struct process_root root = {.fd = -1};
	int fd = -ENOENT;

	if (image->name[0] != '/')
		return -ENOENT;
	if (!process_root_open(pid, &root)) {
		fd = process_root_open_file(&root, image->name);
		process_root_close(&root);
		if (fd >= 0 && is_the_inode(fd, image))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	fd = open("/", O_PATH | O_CLOEXEC);
	root.fd = fd;
	fd = process_root_open_file(&root, image->name);
	process_root_close(&root);
	if (fd >= 0 && !is_the_inode(fd, image)) {
		close(fd);
		return -ESTALE;
	}
	return fd;
}

/* Debugging information that was packaged apart, where every distribution puts it. */
static struct symbols *read_debug_file(const struct subject *image)
{
	char path[128] = "/usr/lib/debug/.build-id/", *at = path + strlen(path);
	struct symbols *symbols = NULL;
	int fd;

	if (image->build_id_size < 2)
		return NULL;
	print_hex(at, image->build_id, 1);
	at[2] = '/';
	print_hex(at + 3, image->build_id + 1, image->build_id_size - 1);
	strcat(path, ".debug");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	if (symbols_read(fd, image->build_id, image->build_id_size, &symbols))
		symbols = NULL;
	close(fd);
	return symbols;
}

static void read_cached(struct cached *file, const struct subject *image, int32_t pid)
{
	int fd = open_image(image, pid), err = fd < 0 ? fd : 0;

	if (!err) {
		err = symbols_read(fd, image->build_id, image->build_id_size, &file->own);
		close(fd);
	}
	file->pid = pid;
	file->why_not = err ? words_of(err) : NULL;
	if (!err)
		file->debug = read_debug_file(image);
	file->memory += file->own ? symbols_memory(file->own) : 0;
	file->memory += file->debug ? symbols_memory(file->debug) : 0;
}

static bool is_of(const struct cached *file, const struct subject *image)
{
	return file->device == image->device && file->inode == image->inode &&
	       file->build_id_size == image->build_id_size &&
	       !memcmp(file->build_id, image->build_id, image->build_id_size) &&
	       !strcmp(file->path, image->name);
}

static struct cached *take_from_list(struct symbol_cache *cache, const struct subject *image)
{
	for (struct cached **link = &cache->files; *link; link = &(*link)->next) {
		struct cached *file = *link;

		if (is_of(file, image)) {
			*link = file->next;
			return file;
		}
	}
	return NULL;
}

static void drop_oldest(struct symbol_cache *cache)
{
	while (cache->files && cache->files->next &&
		(cache->memory > memory_max || cache->count > FILES_MAX)) {
		struct cached **link = &cache->files;

		while ((*link)->next)
			link = &(*link)->next;
		free_cached(cache, link);
	}
}

static struct cached *get(struct symbol_cache *cache, const struct subject *image, int32_t pid)
{
	struct cached *file = take_from_list(cache, image);

	if (!file) {
		file = calloc(1, sizeof(*file) + strlen(image->name) + 1);
		if (!file)
			return NULL;
		strcpy(file->path, image->name);
		file->device = image->device;
		file->inode = image->inode;
		file->build_id_size = image->build_id_size;
		memcpy(file->build_id, image->build_id, sizeof(file->build_id));
		file->memory = sizeof(*file) + strlen(image->name) + 1;
		read_cached(file, image, pid);
		cache->count++;
		cache->memory += file->memory;
	} else if (file->why_not && file->pid != pid) {
		cache->memory -= file->memory;
		read_cached(file, image, pid);
		cache->memory += file->memory;
	}
	file->next = cache->files;
	cache->files = file;
	drop_oldest(cache);
	return file;
}

const char *symbol_cache_find(struct symbol_cache *cache, const struct subject *image, int32_t pid,
	uint64_t offset, uint64_t *distance, const char **why_not)
{
	const struct cached *file = get(cache, image, pid);
	const char *name = NULL;

	*why_not = file ? file->why_not : "no memory";
	if (!file || !file->own)
		return NULL;
	if (file->debug)
		name = symbols_find(file->debug, file->own, offset, distance);
	if (!name)
		name = symbols_find(file->own, file->own, offset, distance);
	if (!name)
		*why_not = file->own->count || file->debug ? "the file names no function there"
							   : "the file has no symbols";
	return name;
}

const char *symbol_cache_find_kernel(
	struct symbol_cache *cache, uint64_t address, uint64_t *distance, const char **why_not)
{
	int err;

	if (!cache->kernel && !cache->why_no_kernel) {
		err = symbols_of_kernel(&cache->kernel);
		if (err)
			cache->why_no_kernel =
				err == -EPERM
					? "the kernel hides its addresses: kernel.kptr_restrict"
					: "/proc/kallsyms cannot be read";
	}
	*why_not = cache->why_no_kernel;
	return cache->kernel ? symbols_at(cache->kernel, address, distance) : NULL;
}
