// SPDX-License-Identifier: GPL-2.0-or-later
#include "mappings.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/text/number.h"
#include "fail.h"
#include "random.h"
#include "times.h"

enum { PID_MOST = 1 << 22 }; /* PID_MAX_LIMIT of 64-bit kernels */

struct processes {
	pid_t *list;
	size_t count;
};

/* The next word of the line, cut at size; what is behind it. NULL: there is none. */
static const char *take_word(const char *line, char *word, size_t size)
{
	size_t length;

	line += strspn(line, " ");
	length = strcspn(line, " \n");
	snprintf(word, size, "%.*s", (int)length, line);
	return length ? line + length : NULL;
}

/* "55d0a000-55d0c000" */
static bool parse_range(char *text, size_t page_size, struct measure_mapping *mapping)
{
	char *dash = strchr(text, '-');
	__u64 end;

	if (!dash)
		return false;
	*dash = 0;
	if (number_parse_hex(text, &mapping->start) || number_parse_hex(dash + 1, &end))
		return false;
	if (mapping->start >= end || mapping->start % page_size || end % page_size)
		return false;
	mapping->pages = (end - mapping->start) / page_size;
	return true;
}

/* By the name at the end of the line, which may be missing. */
static bool may_be_anonymous(const char *name)
{
	static const char *const folders[] = { "/dev/", "/anon_hugepage", "/SYSV", "/memfd:" };

	if (*name != '/')
		return !*name || !strcmp(name, "[heap]") || !strncmp(name, "[stack", 6) || !strncmp(name, "[anon:", 6);
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (!strncmp(name, folders[i], strlen(folders[i])))
			return false;
	return true;
}

bool measure_mapping_parse(const char *line, size_t page_size, struct measure_mapping *mapping)
{
	char word[64], mode[8];

	line = take_word(line, word, sizeof(word));
	if (!line || !parse_range(word, page_size, mapping))
		return false;
	line = take_word(line, mode, sizeof(mode));
	if (!line || strlen(mode) != 4 || mode[0] != 'r' || mode[3] != 'p')
		return false;
	/* Offset, device, inode. */
	for (int i = 0; i < 3; i++) {
		line = take_word(line, word, sizeof(word));
		if (!line)
			return false;
	}
	take_word(line, word, sizeof(word));
	return may_be_anonymous(word);
}

/* 0 or -ENOMEM. */
static int add_mapping(struct measure_mappings *mappings, const struct measure_mapping *mapping)
{
	if (mappings->count == mappings->room) {
		size_t room = mappings->room ? 2 * mappings->room : 1024;
		void *list = reallocarray(mappings->list, room, sizeof(*mappings->list));

		if (!list)
			return -ENOMEM;
		mappings->list = list;
		mappings->room = room;
	}
	mappings->list[mappings->count] = *mapping;
	mappings->list[mappings->count++].first_chunk = mappings->chunks;
	mappings->chunks += (mapping->pages + MEASURE_CHUNK - 1) / MEASURE_CHUNK;
	return 0;
}

static FILE *open_file(pid_t process, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)process, name);
	return fopen(path, "re");
}

/* "VmLck:	       4 kB" */
static bool parse_size(const char *line, const char *name, __u64 *bytes)
{
	if (strncmp(line, name, strlen(name)))
		return false;
	line += strlen(name);
	line += strspn(line, " \t");
	if (number_read(&line, bytes) || __builtin_mul_overflow(*bytes, 1024, bytes))
		*bytes = 0;
	return true;
}

/*
 * Whether its memory may be looked at: it has none locked, and *anonymous bytes of it are, as far as the kernel's
 * approximate counter knows. Not so of a thread of the kernel, and of a process that has gone.
 */
static bool may_be_sampled(pid_t process, __u64 *anonymous)
{
	FILE *file = open_file(process, "status");
	__u64 locked = 1;
	char *line = NULL;
	size_t size = 0;

	*anonymous = 0;
	if (!file)
		return false;
	while (getline(&line, &size, file) > 0)
		if (!parse_size(line, "VmLck:", &locked))
			parse_size(line, "RssAnon:", anonymous);
	free(line);
	fclose(file);
	return !locked;
}

static int add_process(struct measure_mappings *mappings, pid_t process)
{
	const size_t page_size = (size_t)sysconf(_SC_PAGESIZE), before = mappings->count;
	struct measure_mapping mapping = { .process = process };
	char *line = NULL;
	size_t size = 0;
	__u64 most;
	FILE *file;
	int err = 0;

	if (!may_be_sampled(process, &most))
		return 0;
	most = (most > MEASURE_SPARSE_LEAST ? most : MEASURE_SPARSE_LEAST) / page_size * MEASURE_SPARSE;
	file = open_file(process, "maps");
	if (!file)
		return 0;
	while (!err && mappings->count < MEASURE_MAPPINGS_MAX && getline(&line, &size, file) > 0)
		if (measure_mapping_parse(line, page_size, &mapping) && mapping.pages <= most)
			err = add_mapping(mappings, &mapping);
	mappings->processes += mappings->count > before;
	free(line);
	fclose(file);
	return err;
}

static int list_processes(struct processes *processes)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	size_t room = 0;
	__u64 number;
	int err = 0;

	if (!folder)
		return -errno;
	while (!err && (entry = readdir(folder))) {
		if (number_parse(entry->d_name, 1, PID_MOST, &number) || (pid_t)number == getpid())
			continue;
		if (processes->count == room) {
			void *list = reallocarray(processes->list, room += 1024, sizeof(*processes->list));

			err = list ? 0 : -ENOMEM;
			processes->list = list ? list : processes->list;
		}
		if (!err)
			processes->list[processes->count++] = (pid_t)number;
	}
	closedir(folder);
	return err;
}

static int add_all(struct measure_mappings *mappings, const struct processes *processes, __u64 end, __u64 *random)
{
	__u32 *order = calloc(processes->count + 1, sizeof(*order));
	int err = order ? 0 : -ENOMEM;

	if (order)
		measure_random_order(random, order, processes->count);
	for (size_t i = 0; !err && i < processes->count && (measure_now() < end || !mappings->chunks); i++)
		err = add_process(mappings, processes->list[order[i]]);
	free(order);
	return err;
}

int measure_mappings_read(pid_t process, __u64 end, __u64 *random, struct measure_mappings *mappings,
	struct ramswap_problem *problem)
{
	struct processes processes = { 0 };
	int err;

	*mappings = (struct measure_mappings){ 0 };
	if (process) {
		err = add_process(mappings, process);
	} else {
		err = list_processes(&processes);
		if (!err)
			err = add_all(mappings, &processes, end, random);
	}
	free(processes.list);
	if (!err)
		return 0;
	measure_mappings_free(mappings);
	return measure_fail(problem, err, "the memory of running programs: %s", strerror(-err));
}

void measure_mappings_free(struct measure_mappings *mappings)
{
	free(mappings->list);
	*mappings = (struct measure_mappings){ 0 };
}

const struct measure_mapping *measure_mappings_find(const struct measure_mappings *mappings, __u64 chunk)
{
	size_t low = 0, high = mappings->count;

	/* The last one that begins at the chunk or before it. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (mappings->list[middle].first_chunk <= chunk)
			low = middle;
		else
			high = middle;
	}
	return &mappings->list[low];
}
