// SPDX-License-Identifier: GPL-2.0-or-later
/* Measuring: times, samples of real processes, files as samples, signals that wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "ramswap/measure/block.h"
#include "ramswap/measure/io.h"
#include "ramswap/measure/mappings.h"
#include "ramswap/measure/numa.h"
#include "ramswap/measure/pagemap.h"
#include "ramswap/measure/probe.h"
#include "ramswap/measure/random.h"
#include "ramswap/measure/sample.h"
#include "ramswap/measure/signals.h"
#include "ramswap/measure/times.h"
#include "folder.h"

static size_t page_size;

static int set_up(void **state)
{
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	return folder_enter(state);
}

/* Nearest ranks, worked out by hand. */
static void percentiles(void **state)
{
	static const struct {
		size_t count;
		__u64 step; /* the times are step, 2 step, ... count step */
		struct measure_times times;
	} cases[] = {
		{ 1, 7, { 1, 7, 7, 7, 7, 7 } },
		{ 2, 10, { 2, 10, 20, 20, 20, 15 } },
		{ 3, 1, { 3, 2, 3, 3, 3, 2 } },
		{ 10, 1, { 10, 5, 9, 10, 10, 5.5 } },
		{ 11, 1, { 11, 6, 10, 11, 11, 6 } },
		{ 99, 1, { 99, 50, 90, 99, 99, 50 } },
		{ 100, 1, { 100, 50, 90, 99, 100, 50.5 } },
		{ 101, 1, { 101, 51, 91, 100, 101, 51 } },
		{ 1000, 3, { 1000, 1500, 2700, 2970, 3000, 1501.5 } },
	};
	static __u64 times[1000];
	static __u32 order[1000];
	struct measure_times sum = { .count = 1 };
	__u64 random = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		measure_random_order(&random, order, cases[i].count);
		for (size_t k = 0; k < cases[i].count; k++)
			times[k] = cases[i].step * (order[k] + 1);
		measure_times_sum_up(times, cases[i].count, &sum);
		assert_int_equal(sum.count, cases[i].times.count);
		assert_int_equal(sum.p50, cases[i].times.p50);
		assert_int_equal(sum.p90, cases[i].times.p90);
		assert_int_equal(sum.p99, cases[i].times.p99);
		assert_int_equal(sum.max, cases[i].times.max);
		assert_float_equal(sum.mean, cases[i].times.mean, 1e-6);
	}
	measure_times_sum_up(times, 0, &sum);
	assert_int_equal(sum.count, 0);
	assert_int_equal(sum.max, 0);
}

static void the_clock_goes_forward(void **state)
{
	__u64 before = measure_now();

	(void)state;
	usleep(2000);
	assert_in_range(measure_now() - before, 1900000, 60000000000ULL);
}

static void orders_have_each_number_once(void **state)
{
	__u32 order[257];
	unsigned char seen[257] = { 0 };
	__u64 random = 42;
	size_t moved = 0;

	(void)state;
	measure_random_order(&random, order, 257);
	for (size_t i = 0; i < 257; i++) {
		assert_in_range(order[i], 0, 256);
		assert_int_equal(seen[order[i]]++, 0);
		moved += order[i] != i;
	}
	assert_in_range(moved, 200, 257);
}

static void pages_are_half_random(void **state)
{
	unsigned char one[4096], other[4096], zeros[2048] = { 0 };

	(void)state;
	measure_random_page(7, one, sizeof(one));
	measure_random_page(7, other, sizeof(other));
	assert_memory_equal(one, other, sizeof(one));
	measure_random_page(8, other, sizeof(other));
	assert_memory_not_equal(one, other, 64);
	assert_memory_equal(one + 2048, zeros, 2048);
	assert_memory_not_equal(one + 2040, zeros, 8);
}

static void lines_of_maps(void **state)
{
	static const struct {
		const char *line;
		__u64 start, pages; /* pages 0: it is left out */
	} cases[] = {
		{ "55d0a000-55d0c000 rw-p 00000000 00:00 0\n", 0x55d0a000, 2 },
		{ "55d0a000-55d0c000 rw-p 00000000 00:00 0                                  [heap]\n", 0x55d0a000, 2 },
		{ "7ffc0000-7ffc1000 rw-p 00000000 00:00 0 [stack]\n", 0x7ffc0000, 1 },
		{ "7ffc0000-7ffc1000 rw-p 00000000 00:00 0 [anon:my arena]\n", 0x7ffc0000, 1 },
		{ "7f00000000000-7f00000002000 r--p 00004000 fe:00 12 /usr/lib/x y.so\n", 0x7f00000000000, 2 },
		{ "55d0a000-55d0c000 rw-s 00000000 00:00 0\n", 0, 0 },
		{ "55d0a000-55d0c000 ---p 00000000 00:00 0\n", 0, 0 },
		{ "55d0a000-55d0c000 rw-p 00000000 00:05 3 /dev/dri/card0\n", 0, 0 },
		{ "55d0a000-55d0c000 rw-p 00000000 00:0f 3 /anon_hugepage (deleted)\n", 0, 0 },
		{ "55d0a000-55d0c000 rw-p 00000000 00:0f 3 anon_inode:[perf_event]\n", 0, 0 },
		{ "7fff0000-7fff2000 r--p 00000000 00:00 0 [vvar]\n", 0, 0 },
		{ "7fff0000-7fff2000 r-xp 00000000 00:00 0 [vdso]\n", 0, 0 },
		{ "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n", 0, 0 },
		{ "", 0, 0 },
		{ "\n", 0, 0 },
		{ "55d0a000\n", 0, 0 },
		{ "55d0a000-55d0c000\n", 0, 0 },
		{ "55d0a000-55d0c000 rw-p\n", 0, 0 },
		{ "55d0a000-55d0c000 rw-p 00000000 00:00\n", 0, 0 },
		{ "55d0c000-55d0a000 rw-p 00000000 00:00 0\n", 0, 0 },
		{ "55d0a000-55d0a000 rw-p 00000000 00:00 0\n", 0, 0 },
		{ "55d0a001-55d0c000 rw-p 00000000 00:00 0\n", 0, 0 },
		{ "-55d0c000 rw-p 00000000 00:00 0\n", 0, 0 },
		{ "55d0a000-fffffffffffffffff0000 rw-p 00000000 00:00 0\n", 0, 0 },
		{ "xyz-55d0c000 rw-p 00000000 00:00 0\n", 0, 0 },
		{ "55d0a000-55d0c000 rw 00000000 00:00 0\n", 0, 0 },
		{ "55d0a000-55d0c000 rw-pppppppppp 00000000 00:00 0\n", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct measure_mapping mapping = { 0 };
		bool is_taken = measure_mapping_parse(cases[i].line, 4096, &mapping);

		if (is_taken != (cases[i].pages > 0))
			fail_msg("%s", cases[i].line);
		if (is_taken) {
			assert_int_equal(mapping.start, cases[i].start);
			assert_int_equal(mapping.pages, cases[i].pages);
		}
	}
}

static void chunks_of_mappings(void **state)
{
	struct measure_mapping list[] = {
		{ .start = 1, .pages = 1, .first_chunk = 0 },
		{ .start = 2, .pages = 513, .first_chunk = 1 },
		{ .start = 3, .pages = 512, .first_chunk = 3 },
		{ .start = 4, .pages = 5000, .first_chunk = 4 },
	};
	static const __u64 owners[] = { 1, 2, 2, 3, 4, 4 };
	struct measure_mappings mappings = { .list = list, .count = 4, .chunks = 14 };

	(void)state;
	for (__u64 i = 0; i < sizeof(owners) / sizeof(*owners); i++)
		assert_int_equal(measure_mappings_find(&mappings, i)->start, owners[i]);
	assert_int_equal(measure_mappings_find(&mappings, 13)->start, 4);
}

/* Entries of pagemap: what may be read. */
static void entries_of_pagemap(void **state)
{
	(void)state;
	assert_true(measure_pagemap_is_own(PAGEMAP_PRESENT | PAGEMAP_EXCLUSIVE));
	assert_true(measure_pagemap_is_own(PAGEMAP_PRESENT | PAGEMAP_EXCLUSIVE | 1ULL << 55 | 0x1234));
	assert_false(measure_pagemap_is_own(0));
	assert_false(measure_pagemap_is_own(PAGEMAP_PRESENT));
	assert_false(measure_pagemap_is_own(PAGEMAP_PRESENT | PAGEMAP_EXCLUSIVE | PAGEMAP_FILE));
	assert_false(measure_pagemap_is_own(PAGEMAP_SWAPPED | PAGEMAP_EXCLUSIVE));
}

/* A process whose pages are known. A page begins with a mark and its number. */
enum { KNOWN = 1024 };

#define MARK 0x6b6e6f776e706167ULL
#define SHARED_MARK 0x7368617265647061ULL
#define SPARSE_SIZE (1ULL << 45) /* 32 TiB */

enum habit { PLAIN, LOCKS_MEMORY, IS_SPARSE };

static void mark_page(void *page, __u64 mark, __u64 number)
{
	__u64 *words = page;

	words[0] = mark;
	words[1] = number;
}

static unsigned char *map_pages(size_t size, int flags)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

/* Pages of a file, mapped by this process alone, and not written to: they are the file's. */
static void map_file(void)
{
	int file = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);
	unsigned char *pages, page[4096] = { 0 };

	mark_page(page, SHARED_MARK, 0);
	if (file < 0 || write(file, page, sizeof(page)) != sizeof(page))
		_exit(1);
	pages = mmap(NULL, sizeof(page), PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	if (pages == MAP_FAILED || *(volatile __u64 *)(void *)pages != SHARED_MARK)
		_exit(1);
}

static void live(enum habit habit, int ready)
{
	unsigned char *known = map_pages(2 * KNOWN * page_size, MAP_PRIVATE);
	unsigned char *shared = map_pages(16 * page_size, MAP_SHARED), *sparse = NULL;

	/* A test that fails does not stop it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Every other page is never touched; in a huge page all would be. */
	madvise(known, 2 * KNOWN * page_size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < KNOWN; i++)
		mark_page(known + 2 * i * page_size, MARK, i);
	for (size_t i = 0; i < 16; i++)
		mark_page(shared + i * page_size, SHARED_MARK, i);
	map_file();
	if (habit == LOCKS_MEMORY && syscall(SYS_mlock, known, page_size))
		_exit(1);
	if (habit == IS_SPARSE)
		sparse = map_pages(SPARSE_SIZE, MAP_PRIVATE);
	if (sparse == MAP_FAILED || write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static pid_t start(enum habit habit)
{
	int ready[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child)
		live(habit, ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void stop(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* Its known pages, by their numbers: how often each is in the sample. */
static size_t count_known(const struct measure_pages *pages, unsigned int seen[KNOWN])
{
	size_t found = 0;

	for (size_t i = 0; i < pages->count; i++) {
		const __u64 *words = (const __u64 *)(const void *)measure_page(pages, i);

		assert_int_not_equal(words[0], SHARED_MARK);
		if (words[0] != MARK)
			continue;
		assert_in_range(words[1], 0, KNOWN - 1);
		seen[words[1]]++;
		found++;
	}
	return found;
}

static void a_sample_with_room_has_every_page_once(void **state)
{
	unsigned int seen[KNOWN] = { 0 };
	struct ramswap_problem problem;
	struct measure_pages pages;
	pid_t child = start(PLAIN);

	(void)state;
	assert_int_equal(measure_pages_get(&pages, 16384, &problem), 0);
	assert_int_equal(measure_sample_take(&pages, child, 10, &problem), 0);
	assert_int_equal(count_known(&pages, seen), KNOWN);
	for (size_t i = 0; i < KNOWN; i++)
		assert_int_equal(seen[i], 1);
	/* What was not touched has no page. */
	assert_in_range(pages.count, KNOWN, 2 * KNOWN - 1);
	measure_pages_clear(&pages);
	stop(child);
}

/*
 * 200 samples of 16 pages: each quarter of the known pages has its share, and so has each quarter of what is looked at
 * together, where every other page is a known one.
 */
static void chance_is_fair(void **state)
{
	unsigned int seen[KNOWN] = { 0 }, quarters[4] = { 0 }, within[4] = { 0 };
	const size_t in_chunk = MEASURE_CHUNK / 2;
	struct ramswap_problem problem;
	struct measure_pages pages;
	pid_t child = start(PLAIN);
	size_t known = 0;

	(void)state;
	assert_int_equal(measure_pages_get(&pages, 16, &problem), 0);
	for (int i = 0; i < 200; i++) {
		assert_int_equal(measure_sample_take(&pages, child, 10, &problem), 0);
		assert_int_equal(pages.count, 16);
		known += count_known(&pages, seen);
	}
	for (size_t i = 0; i < KNOWN; i++) {
		quarters[i / (KNOWN / 4)] += seen[i];
		within[i % in_chunk / (in_chunk / 4)] += seen[i];
	}
	for (size_t i = 0; i < 4; i++) {
		assert_in_range(quarters[i], known * 15 / 100, known * 35 / 100);
		assert_in_range(within[i], known * 15 / 100, known * 35 / 100);
	}
	measure_pages_clear(&pages);
	stop(child);
}

static void who_locks_memory_is_left_out(void **state)
{
	struct ramswap_problem problem;
	struct measure_pages pages;
	pid_t child = start(LOCKS_MEMORY);

	(void)state;
	assert_int_equal(measure_pages_get(&pages, 16, &problem), 0);
	assert_int_equal(measure_sample_take(&pages, child, 10, &problem), -ENODATA);
	assert_int_equal(pages.count, 0);
	stop(child);
	/* It has gone. */
	assert_int_equal(measure_sample_take(&pages, child, 10, &problem), -ENODATA);
	measure_pages_clear(&pages);
}

/* To look at all of the mapping would take minutes, and the known pages would not be found. */
static void an_endless_mapping_is_left_out(void **state)
{
	unsigned int seen[KNOWN] = { 0 };
	struct ramswap_problem problem;
	struct measure_pages pages;
	pid_t child = start(IS_SPARSE);
	__u64 before = measure_now();

	(void)state;
	assert_int_equal(measure_pages_get(&pages, 16384, &problem), 0);
	assert_int_equal(measure_sample_take(&pages, child, 10, &problem), 0);
	assert_int_equal(count_known(&pages, seen), KNOWN);
	assert_in_range(measure_now() - before, 0, 20000000000ULL);
	measure_pages_clear(&pages);
	stop(child);
}

/* Of all processes, in pages. */
static __u64 anonymous_pages(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long long size = 0;
	char line[128];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, "AnonPages:", 10))
			size = strtoull(line + 10, NULL, 10);
	fclose(file);
	return size * 1024 / page_size;
}

static void a_sample_of_all_processes(void **state)
{
	unsigned int seen[KNOWN] = { 0 };
	struct ramswap_problem problem;
	struct measure_pages pages;
	pid_t child = start(PLAIN);

	(void)state;
	assert_int_equal(measure_pages_get(&pages, 65536, &problem), 0);
	assert_int_equal(measure_sample_take(&pages, 0, 30, &problem), 0);
	/* On a machine with very much memory, chance may miss them all. */
	assert_in_range(count_known(&pages, seen), KNOWN * 65536ULL / anonymous_pages() > 64, KNOWN);
	measure_pages_clear(&pages);
	stop(child);
}

/* VmFlags of the mapping that begins at the address. */
static void flags_of(const void *address, char *flags, size_t size)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	char line[512], start[32];
	bool is_it = false;

	*flags = 0;
	assert_non_null(file);
	snprintf(start, sizeof(start), "%lx-", (unsigned long)(uintptr_t)address);
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, start, strlen(start)))
			is_it = true;
		if (is_it && !strncmp(line, "VmFlags:", 8)) {
			snprintf(flags, size, "%s", line);
			break;
		}
	}
	fclose(file);
}

/* With the address sanitizer it does nothing. */
static bool mlock_works(void)
{
	unsigned char *page = map_pages(page_size, MAP_SHARED);
	char flags[512];

	assert_int_equal(mlock(page, page_size), 0);
	flags_of(page, flags, sizeof(flags));
	munmap(page, page_size);
	return strstr(flags, " lo");
}

static void a_sample_stays_in_this_process(void **state)
{
	struct ramswap_problem problem;
	struct measure_pages pages;
	char flags[512];

	(void)state;
	assert_int_equal(measure_pages_get(&pages, 4, &problem), 0);
	flags_of(pages.bytes, flags, sizeof(flags));
	/* Not in core dumps, not in children; locked. */
	assert_non_null(strstr(flags, " dd"));
	assert_non_null(strstr(flags, " dc"));
	if (mlock_works())
		assert_non_null(strstr(flags, " lo"));
	measure_pages_clear(&pages);
	assert_null(pages.bytes);
	measure_pages_clear(&pages);
}

static void write_corpus(const char *name, size_t size)
{
	int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	unsigned char *page = calloc(1, page_size);

	assert_true(file >= 0);
	for (size_t at = 0; at < size; at += page_size) {
		size_t part = size - at < page_size ? size - at : page_size;

		mark_page(page, MARK, at / page_size);
		assert_int_equal(write(file, page, part), (ssize_t)part);
	}
	free(page);
	close(file);
}

static __u64 number_of(const struct measure_pages *pages, size_t page)
{
	const __u64 *words = (const __u64 *)(const void *)measure_page(pages, page);

	assert_int_equal(words[0], MARK);
	return words[1];
}

static void a_corpus(void **state)
{
	struct ramswap_problem problem;
	struct measure_pages pages;

	(void)state;
	assert_int_equal(measure_pages_get(&pages, 16, &problem), 0);
	/* Not a multiple of a page: the rest is left out. */
	write_corpus("corpus", 5 * page_size + 17);
	assert_int_equal(measure_corpus_read("corpus", &pages, &problem), 0);
	assert_int_equal(pages.count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(number_of(&pages, i), i);
	/* As much as there is room for. */
	write_corpus("corpus", 16 * page_size);
	assert_int_equal(measure_corpus_read("corpus", &pages, &problem), 0);
	assert_int_equal(pages.count, 16);
	assert_int_equal(number_of(&pages, 15), 15);
	/* More: in equal distances. */
	write_corpus("corpus", 164 * page_size);
	assert_int_equal(measure_corpus_read("corpus", &pages, &problem), 0);
	assert_int_equal(pages.count, 16);
	for (size_t i = 0; i < 16; i++)
		assert_int_equal(number_of(&pages, i), 164 * i / 16);
	/* One page. */
	write_corpus("corpus", page_size);
	assert_int_equal(measure_corpus_read("corpus", &pages, &problem), 0);
	assert_int_equal(pages.count, 1);
	measure_pages_clear(&pages);
}

static void no_corpus(void **state)
{
	struct ramswap_problem problem;
	struct measure_pages pages;

	(void)state;
	assert_int_equal(measure_pages_get(&pages, 16, &problem), 0);
	write_corpus("short", page_size - 1);
	write_corpus("empty", 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(measure_corpus_read("short", &pages, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "less than a page"));
	assert_int_equal(measure_corpus_read("empty", &pages, &problem), -EINVAL);
	assert_int_equal(measure_corpus_read("folder", &pages, &problem), -EINVAL);
	assert_int_equal(measure_corpus_read("pipe", &pages, &problem), -EINVAL);
	assert_int_equal(measure_corpus_read("/dev/zero", &pages, &problem), -EINVAL);
	assert_int_equal(measure_corpus_read("nobody", &pages, &problem), -ENOENT);
	assert_non_null(strstr(problem.text, "nobody: No such file"));
	assert_int_equal(pages.count, 0);
	if (geteuid()) {
		write_corpus("secret", 16 * page_size);
		assert_int_equal(chmod("secret", 0), 0);
		assert_int_equal(measure_corpus_read("secret", &pages, &problem), -EACCES);
	}
	measure_pages_clear(&pages);
}

static volatile sig_atomic_t handled;

static void handle(int number)
{
	handled = number;
}

static void signals_wait(void **state)
{
	struct sigaction action = { .sa_handler = handle }, ignored = { .sa_handler = SIG_IGN }, before, hang_up;
	struct measure_signals signals;

	(void)state;
	assert_int_equal(sigaction(SIGTERM, &action, &before), 0);
	assert_int_equal(sigaction(SIGHUP, &ignored, &hang_up), 0);
	measure_signals_hold(&signals);
	assert_false(measure_signals_came(&signals));
	raise(SIGHUP);
	assert_false(measure_signals_came(&signals));
	raise(SIGTERM);
	assert_int_equal(handled, 0);
	assert_true(measure_signals_came(&signals));
	measure_signals_release(&signals);
	assert_int_equal(handled, SIGTERM);
	assert_false(measure_signals_came(&signals));
	sigaction(SIGTERM, &before, NULL);
	sigaction(SIGHUP, &hang_up, NULL);
}

/* A file in place of a device. */
static void pages_written_and_read(void **state)
{
	struct ramswap_problem problem;
	struct measure_signals signals;
	struct measure_io io = { .name = "file", .signals = &signals, .first = 1 };
	struct measure_pages pages;
	struct measure_times out, in;
	struct stat stat;

	(void)state;
	write_corpus("corpus", 16 * page_size);
	assert_int_equal(measure_pages_get(&pages, 16, &problem), 0);
	assert_int_equal(measure_corpus_read("corpus", &pages, &problem), 0);
	assert_int_equal(measure_io_get(&io, 1000, &problem), 0);
	io.file = open("device", O_RDWR | O_CREAT, 0600);
	measure_signals_hold(&signals);
	assert_int_equal(measure_io_write(&io, &pages, &out, &problem), 0);
	assert_int_equal(out.count, 16);
	assert_int_equal(measure_io_compare(&io, &pages, &in, &problem), 0);
	assert_int_equal(in.count, 16);
	assert_in_range(in.p50, 1, in.max);
	assert_int_equal(fstat(io.file, &stat), 0);
	assert_int_equal(stat.st_size, 17 * page_size);
	assert_int_equal(measure_io_read(&io, 100, 17, &in, &problem), 0);
	assert_int_equal(in.count, 100);
	/* One wrong byte is found. */
	assert_int_equal(pwrite(io.file, "x", 1, (off_t)(9 * page_size + 77)), 1);
	assert_int_equal(measure_io_compare(&io, &pages, &in, &problem), -EIO);
	assert_non_null(strstr(problem.text, "not what was written"));
	/* A device that became shorter. */
	assert_int_equal(ftruncate(io.file, (off_t)(16 * page_size + 1)), 0);
	assert_int_equal(measure_io_read(&io, 1000, 17, &in, &problem), -EIO);
	measure_signals_release(&signals);
	close(io.file);
	measure_io_put(&io);
	measure_pages_clear(&pages);
}

static void a_signal_stops_writing(void **state)
{
	struct sigaction action = { .sa_handler = handle }, before;
	struct ramswap_problem problem;
	struct measure_signals signals;
	struct measure_io io = { .name = "file", .signals = &signals };
	struct measure_pages pages;
	struct measure_times out;
	struct stat stat;

	(void)state;
	handled = 0;
	assert_int_equal(measure_pages_get(&pages, 16, &problem), 0);
	assert_int_equal(measure_corpus_read("corpus", &pages, &problem), 0);
	assert_int_equal(measure_io_get(&io, 16, &problem), 0);
	io.file = open("stopped", O_RDWR | O_CREAT, 0600);
	sigaction(SIGINT, &action, &before);
	measure_signals_hold(&signals);
	raise(SIGINT);
	assert_int_equal(measure_io_write(&io, &pages, &out, &problem), -EINTR);
	assert_int_equal(fstat(io.file, &stat), 0);
	assert_int_equal(stat.st_size, page_size);
	measure_signals_release(&signals);
	assert_int_equal(handled, SIGINT);
	sigaction(SIGINT, &before, NULL);
	close(io.file);
	measure_io_put(&io);
	measure_pages_clear(&pages);
}

static void memory_of_a_node(void **state)
{
	unsigned char *memory = numa_memory(0, 8 * page_size);

	(void)state;
	if (!memory && (errno == ENOSYS || errno == EPERM))
		skip();
	assert_non_null(memory);
	memset(memory, 1, 8 * page_size);
	assert_int_equal(numa_node_of(memory + 7 * page_size), 0);
	assert_int_equal(numa_move(memory, page_size, 8, 0), 0);
	assert_true(numa_move(memory, page_size, 8, RAMSWAP_NODES_MAX - 1) < 0);
	munmap(memory, 8 * page_size);
	assert_null(numa_memory(RAMSWAP_NODES_MAX, page_size));
	assert_int_equal(errno, EINVAL);
	assert_null(numa_memory(RAMSWAP_NODES_MAX - 1, page_size));
}

static bool has_swap(void)
{
	FILE *file = fopen("/proc/swaps", "re");
	char line[512];
	int lines = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		lines++;
	fclose(file);
	return lines > 1;
}

/* With swap it is tried in guests. */
static void a_probe_without_swap(void **state)
{
	struct ramswap_problem problem;
	struct measure_latency latency;

	(void)state;
	if (has_swap())
		skip();
	assert_int_equal(measure_probe(0, &latency, &problem), -ENODEV);
	assert_non_null(strstr(problem.text, "no swap is on"));
	assert_int_equal(latency.out_pages, 0);
}

static void no_block_device(void **state)
{
	struct ramswap_problem problem;
	struct measure_block block;

	(void)state;
	assert_int_equal(measure_block("nobody", 0, &block, &problem), -ENODEV);
	assert_non_null(strstr(problem.text, "nobody: there is no such block device"));
	assert_int_equal(measure_block("", 0, &block, &problem), -ENODEV);
	assert_int_equal(measure_block("../../etc/passwd", 0, &block, &problem), -ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles),
		cmocka_unit_test(the_clock_goes_forward),
		cmocka_unit_test(orders_have_each_number_once),
		cmocka_unit_test(pages_are_half_random),
		cmocka_unit_test(lines_of_maps),
		cmocka_unit_test(chunks_of_mappings),
		cmocka_unit_test(entries_of_pagemap),
		cmocka_unit_test(a_sample_with_room_has_every_page_once),
		cmocka_unit_test(chance_is_fair),
		cmocka_unit_test(who_locks_memory_is_left_out),
		cmocka_unit_test(an_endless_mapping_is_left_out),
		cmocka_unit_test(a_sample_of_all_processes),
		cmocka_unit_test(a_sample_stays_in_this_process),
		cmocka_unit_test(a_corpus),
		cmocka_unit_test(no_corpus),
		cmocka_unit_test(signals_wait),
		cmocka_unit_test(pages_written_and_read),
		cmocka_unit_test(a_signal_stops_writing),
		cmocka_unit_test(memory_of_a_node),
		cmocka_unit_test(a_probe_without_swap),
		cmocka_unit_test(no_block_device),
	};

	return cmocka_run_group_tests(tests, set_up, folder_leave);
}
