// SPDX-License-Identifier: GPL-2.0-or-later
#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/text/size.h"
#include "fail.h"
#include "machine.h"
#include "pagemap.h"
#include "random.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

enum {
	ROUNDS_MAX = 40, /* of asking for the pages that did not go */
	ROUND_NS = 5000000, /* between them: writing takes a while */
	SPARE = 16 << 20, /* bytes of memory that a probe leaves available */
};

struct probe {
	unsigned char *bytes; /* the mapping */
	size_t page_size, pages;
	int pagemap;
	__u64 seed;
	__u32 *order;
	__u64 *entries; /* of the pagemap; later the times */
	unsigned char *is_resident; /* mincore(2): mapped, or in the swap cache */
};

static unsigned char *page_at(const struct probe *probe, size_t page)
{
	return probe->bytes + page * probe->page_size;
}

static bool has_contents(const struct probe *probe, size_t page, void *expected)
{
	measure_random_page(probe->seed + page, expected, probe->page_size);
	return !memcmp(page_at(probe, page), expected, probe->page_size);
}

/* The swap that would be asked first. */
static const struct ramswap_swap *first_swap(const struct ramswap_facts *facts)
{
	const struct ramswap_swap *first = NULL;

	for (size_t i = 0; i < facts->swap_count; i++)
		if (!first || facts->swaps[i].priority > first->priority)
			first = &facts->swaps[i];
	return first;
}

/* The swap that took most since earlier. */
static const struct ramswap_swap *grown_swap(const struct ramswap_facts *facts, const struct ramswap_facts *earlier)
{
	const struct ramswap_swap *grown = NULL;
	__s64 most = 0;

	for (size_t i = 0; i < facts->swap_count; i++)
		for (size_t k = 0; k < earlier->swap_count; k++) {
			const struct ramswap_swap *swap = &facts->swaps[i], *was = &earlier->swaps[k];

			if (!strcmp(swap->path, was->path) && (__s64)(swap->used - was->used) > most) {
				most = (__s64)(swap->used - was->used);
				grown = swap;
			}
		}
	return grown;
}

/* Whether the machine has room for it. */
static int check_room(const struct ramswap_facts *facts, __u64 size, struct ramswap_problem *problem)
{
	const struct ramswap_memory *memory = &facts->memory;
	char is[16], wanted[16];

	if (!facts->swap_count)
		return measure_fail(problem, -ENODEV, "no swap is on: there is nothing to measure");
	if (memory->swap_free < size) {
		size_print(is, sizeof(is), (double)memory->swap_free);
		size_print(wanted, sizeof(wanted), (double)size);
		return measure_fail(problem, -ENOMEM, "%s of swap are free, the probe wants %s", is, wanted);
	}
	return measure_check_room(facts, size + SPARE, problem);
}

static int set_up(struct probe *probe, __u64 size, struct ramswap_problem *problem)
{
	*probe = (struct probe){ .bytes = MAP_FAILED, .page_size = (size_t)sysconf(_SC_PAGESIZE), .pagemap = -1 };
	probe->pages = size / probe->page_size;
	probe->seed = measure_random_seed();
	probe->order = calloc(probe->pages, sizeof(*probe->order));
	probe->entries = calloc(probe->pages, sizeof(*probe->entries));
	probe->is_resident = calloc(probe->pages, 1);
	if (!probe->order || !probe->entries || !probe->is_resident)
		return measure_fail(problem, -ENOMEM, "memory is short");
	probe->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (probe->pagemap < 0)
		return measure_fail(problem, -errno, "/proc/self/pagemap: %s", strerror(errno));
	probe->bytes = mmap(NULL, probe->pages * probe->page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		-1, 0);
	if (probe->bytes == MAP_FAILED)
		return measure_fail(problem, -errno, "memory is short");
	/* A kernel without huge pages refuses, and need not. */
	madvise(probe->bytes, probe->pages * probe->page_size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < probe->pages; i++)
		measure_random_page(probe->seed + i, page_at(probe, i), probe->page_size);
	return 0;
}

static void tear_down(struct probe *probe)
{
	if (probe->bytes != MAP_FAILED)
		munmap(probe->bytes, probe->pages * probe->page_size);
	if (probe->pagemap >= 0)
		close(probe->pagemap);
	free(probe->order);
	free(probe->entries);
	free(probe->is_resident);
}

/* Where the pages are now. */
static int look(struct probe *probe, struct ramswap_problem *problem)
{
	long got = measure_pagemap_read(probe->pagemap, probe->page_size, (__u64)(uintptr_t)probe->bytes,
		probe->entries, probe->pages);

	if (got != (long)probe->pages)
		return measure_fail(problem, got < 0 ? (int)got : -EIO, "/proc/self/pagemap: %s",
			got < 0 ? strerror((int)-got) : "it is too short");
	if (mincore(probe->bytes, probe->pages * probe->page_size, probe->is_resident))
		return measure_fail(problem, -errno, "mincore: %s", strerror(errno));
	return 0;
}

static bool is_swapped(const struct probe *probe, size_t page)
{
	return probe->entries[page] & PAGEMAP_SWAPPED;
}

/* Swapped, and no copy is in memory. */
static bool is_out(const struct probe *probe, size_t page)
{
	return is_swapped(probe, page) && !(probe->is_resident[page] & 1);
}

static size_t count_pages(const struct probe *probe, bool (*is_so)(const struct probe *probe, size_t page))
{
	size_t count = 0;

	for (size_t i = 0; i < probe->pages; i++)
		count += is_so(probe, i);
	return count;
}

/* Those that are in the swap cache are mapped again: the kernel takes mapped pages alone. */
static void map_cached(const struct probe *probe)
{
	for (size_t i = 0; i < probe->pages; i++)
		if (is_swapped(probe, i) && !is_out(probe, i))
			(void)*(volatile unsigned char *)page_at(probe, i);
}

/*
 * Asks until all pages are out. A device that writes behind leaves them in the swap cache: such a page is asked for
 * again when it is written, and then goes without being written again. One that another processor is still putting into
 * the kernel's lists goes the next time, too.
 */
static int page_out(struct probe *probe, struct measure_latency *latency, struct ramswap_problem *problem)
{
	const struct timespec pause = { .tv_nsec = ROUND_NS };
	const size_t size = probe->pages * probe->page_size;
	__u64 before = measure_now();
	size_t gone;
	int err;

	if (madvise(probe->bytes, size, MADV_PAGEOUT))
		return measure_fail(problem, errno == EINVAL ? -EOPNOTSUPP : -errno,
			"the kernel does not swap out when it is asked to, as it does since 5.4: %s", strerror(errno));
	latency->out_ns = (double)(measure_now() - before);
	err = look(probe, problem);
	gone = count_pages(probe, is_swapped);
	latency->out_ns = gone ? latency->out_ns / (double)gone : 0;
	for (size_t round = 0; !err && count_pages(probe, is_out) < probe->pages && round < ROUNDS_MAX; round++) {
		map_cached(probe);
		nanosleep(&pause, NULL);
		madvise(probe->bytes, size, MADV_PAGEOUT);
		err = look(probe, problem);
	}
	latency->out_pages = count_pages(probe, is_out);
	if (!err && !latency->out_pages)
		err = measure_fail(problem, -ENOMEM,
			"no page went out: swap is full, or a control group of this process may not swap");
	return err;
}

/* Touches the page; its time in nanoseconds. */
static __u64 touch(const struct probe *probe, size_t page)
{
	__u64 before = measure_now();

	(void)*(volatile unsigned char *)page_at(probe, page);
	return measure_now() - before;
}

/* Puts the pages that are out into order: how many. */
static size_t choose_order(struct probe *probe)
{
	size_t count = 0;
	__u64 state = probe->seed;

	measure_random_order(&state, probe->order, probe->pages);
	for (size_t i = 0; i < probe->pages; i++)
		if (is_out(probe, probe->order[i]))
			probe->order[count++] = probe->order[i];
	return count;
}

static int page_in(struct probe *probe, struct measure_latency *latency, struct ramswap_problem *problem)
{
	const size_t count = choose_order(probe);
	const __u64 end = measure_now() + MEASURE_PROBE_SECONDS * 1000000000ULL;
	unsigned char *expected = malloc(probe->page_size), is_resident;
	size_t touched = 0;

	if (!expected)
		return measure_fail(problem, -ENOMEM, "memory is short");
	for (size_t i = 0; i < count && measure_now() < end; i++) {
		size_t page = probe->order[i];

		if (!mincore(page_at(probe, page), probe->page_size, &is_resident) && (is_resident & 1))
			latency->ahead_pages++;
		else
			probe->entries[touched++] = touch(probe, page);
		if (!has_contents(probe, page, expected)) {
			free(expected);
			return measure_fail(problem, -EIO, "a page came back from swap with other contents");
		}
	}
	free(expected);
	measure_times_sum_up(probe->entries, touched, &latency->in);
	return 0;
}

static int measure_with(struct probe *probe, const struct ramswap_facts *earlier, struct measure_latency *latency,
	struct ramswap_problem *problem)
{
	struct ramswap_facts *facts = NULL;
	const struct ramswap_swap *swap;
	int err = page_out(probe, latency, problem);

	if (!err)
		err = measure_facts_read(RAMSWAP_READ_TUNINGS, &facts, problem);
	if (err)
		return err;
	swap = grown_swap(facts, earlier);
	if (!swap)
		swap = first_swap(earlier);
	snprintf(latency->swap, sizeof(latency->swap), "%s", swap->path);
	latency->is_zswap_enabled = facts->is_zswap_enabled;
	ramswap_facts_free(facts);
	return page_in(probe, latency, problem);
}

int measure_probe(__u64 size, struct measure_latency *latency, struct ramswap_problem *problem)
{
	struct ramswap_facts *facts;
	struct probe probe;
	int err = measure_facts_read(RAMSWAP_READ_TUNINGS, &facts, problem);

	memset(latency, 0, sizeof(*latency));
	if (err)
		return err;
	if (!size)
		size = MEASURE_PROBE_SIZE;
	if (size > MEASURE_PROBE_SIZE_MAX)
		size = MEASURE_PROBE_SIZE_MAX;
	if (size < (__u64)sysconf(_SC_PAGESIZE))
		size = (__u64)sysconf(_SC_PAGESIZE);
	err = check_room(facts, size, problem);
	if (!err) {
		err = set_up(&probe, size, problem);
		latency->asked_pages = probe.pages;
		if (!err)
			err = measure_with(&probe, facts, latency, problem);
		tear_down(&probe);
	}
	ramswap_facts_free(facts);
	return err;
}
