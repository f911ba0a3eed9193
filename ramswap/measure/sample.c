// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "mappings.h"
#include "pagemap.h"
#include "random.h"
#include "times.h"

enum {
	ENOUGH = 64, /* times the pages of the sample: who has found so many need not look further */
};

/* A page that was found. */
struct place {
	pid_t process;
	__u64 address;
};

struct reservoir {
	struct place *places;
	size_t count, room;
	__u64 seen; /* pages that could have been in it */
	__u64 *random;
};

/* Numbers below a power of two, each once: a linear congruential generator of full period. */
struct permutation {
	__u64 number, factor, step, mask;
};

/* Files of a process, open as long as it is the one that is asked for. */
struct process_files {
	pid_t process; /* 0: none */
	int pagemap, memory;
};

static void close_files(struct process_files *files)
{
	if (files->pagemap >= 0)
		close(files->pagemap);
	if (files->memory >= 0)
		close(files->memory);
	*files = (struct process_files){ .pagemap = -1, .memory = -1 };
}

static int open_one(pid_t process, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)process, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* A process that cannot be looked into, or has gone, has none. */
static void open_files(struct process_files *files, pid_t process, bool wants_memory)
{
	if (files->process == process)
		return;
	close_files(files);
	files->process = process;
	files->pagemap = open_one(process, "pagemap");
	if (wants_memory && files->pagemap >= 0)
		files->memory = open_one(process, "mem");
}

static struct permutation permutation_of(__u64 count, __u64 *random)
{
	struct permutation permutation = { .mask = 1 };

	while (permutation.mask < count)
		permutation.mask <<= 1;
	permutation.mask--;
	permutation.number = measure_random(random) & permutation.mask;
	permutation.factor = (measure_random(random) & ~3ULL) | 5;
	permutation.step = measure_random(random) | 1;
	return permutation;
}

static __u64 permutation_next(struct permutation *permutation)
{
	permutation->number = (permutation->number * permutation->factor + permutation->step) & permutation->mask;
	return permutation->number;
}

/* The place of the n-th page is taken with probability room / n. */
static void offer(struct reservoir *reservoir, pid_t process, __u64 address)
{
	__u64 place = reservoir->seen++;

	if (place >= reservoir->room)
		place = measure_random_below(reservoir->random, reservoir->seen);
	else
		reservoir->count++;
	if (place < reservoir->room)
		reservoir->places[place] = (struct place){ process, address };
}

static void look_at_chunk(struct reservoir *reservoir, struct process_files *files,
	const struct measure_mapping *mapping, __u64 chunk, size_t page_size)
{
	__u64 entries[MEASURE_CHUNK], begin = (chunk - mapping->first_chunk) * MEASURE_CHUNK;
	__u64 count = mapping->pages - begin < MEASURE_CHUNK ? mapping->pages - begin : MEASURE_CHUNK;
	__u64 address = mapping->start + begin * page_size;
	long got;

	open_files(files, mapping->process, false);
	got = measure_pagemap_read(files->pagemap, page_size, address, entries, count);
	for (long i = 0; i < got; i++)
		if (measure_pagemap_is_own(entries[i]))
			offer(reservoir, mapping->process, address + (__u64)i * page_size);
}

static void look(struct reservoir *reservoir, const struct measure_mappings *mappings, size_t page_size, __u64 end)
{
	struct permutation permutation = permutation_of(mappings->chunks, reservoir->random);
	struct process_files files = { .pagemap = -1, .memory = -1 };

	for (__u64 i = 0; i <= permutation.mask; i++) {
		__u64 chunk = permutation_next(&permutation);

		if (chunk >= mappings->chunks)
			continue;
		/* A machine that is slow, or busy, has a sample, too: one page at least. */
		if ((measure_now() >= end && reservoir->seen) || reservoir->seen >= (__u64)reservoir->room * ENOUGH)
			break;
		look_at_chunk(reservoir, &files, measure_mappings_find(mappings, chunk), chunk, page_size);
	}
	close_files(&files);
}

static int compare_places(const void *one, const void *other)
{
	const struct place *a = one, *b = other;

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	return (a->address > b->address) - (a->address < b->address);
}

/* Looks once more, so that a page that was swapped out meanwhile is not fetched. */
static bool read_page(const struct process_files *files, __u64 address, void *page, size_t page_size)
{
	__u64 entry;

	if (files->memory < 0 || measure_pagemap_read(files->pagemap, page_size, address, &entry, 1) != 1)
		return false;
	return measure_pagemap_is_own(entry) &&
	       pread(files->memory, page, page_size, (off_t)address) == (ssize_t)page_size;
}

static void read_pages(struct measure_pages *pages, struct reservoir *reservoir, __u64 end)
{
	struct process_files files = { .pagemap = -1, .memory = -1 };

	qsort(reservoir->places, reservoir->count, sizeof(*reservoir->places), compare_places);
	for (size_t i = 0; i < reservoir->count && (measure_now() < end || !pages->count); i++) {
		const struct place *place = &reservoir->places[i];

		open_files(&files, place->process, true);
		pages->count += read_page(&files, place->address, measure_page(pages, pages->count), pages->page_size);
	}
	close_files(&files);
}

int measure_sample_take(struct measure_pages *pages, pid_t process, double seconds, struct ramswap_problem *problem)
{
	const __u64 begin = measure_now(), length = (__u64)(seconds * 1e9);
	__u64 random = measure_random_seed();
	struct reservoir reservoir = { .room = pages->room, .random = &random };
	struct measure_mappings mappings;
	int err;

	/* A quarter of the time for each of the first two steps, so that reading has the rest. */
	err = measure_mappings_read(process, begin + length / 4, &random, &mappings, problem);
	if (err)
		return err;
	pages->count = 0;
	reservoir.places = calloc(reservoir.room, sizeof(*reservoir.places));
	if (!reservoir.places) {
		measure_mappings_free(&mappings);
		return measure_fail(problem, -ENOMEM, "memory is short");
	}
	if (mappings.chunks)
		look(&reservoir, &mappings, pages->page_size, begin + length / 2);
	measure_mappings_free(&mappings);
	read_pages(pages, &reservoir, begin + length);
	free(reservoir.places);
	if (!pages->count)
		return measure_fail(problem, -ENODATA, "no running program has pages that may be read");
	return 0;
}
