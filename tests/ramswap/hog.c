// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory pressure, of which every byte is known: fills memory with pages whose content follows from a seed and the page's
 * number, reads pages at random, and checks each byte.
 *
 *	hog --size MB [--random PERCENT] [--reads N] [--hold SECONDS] [--check] [--seed N]
 *
 * Prints one line: "fill=SECONDS read_us=MEAN p50=MICROSECONDS p99=MICROSECONDS faults=N reads=SECONDS user=SECONDS
 * sys=SECONDS wrong=0". The microseconds are those of reads that had to be waited for: the kernel counts a major fault;
 * reads is the time of all of them, checked. Then it holds the memory; SIGUSR1: it checks everything, and prints
 * "checked=PAGES seconds=SECONDS wrong=0". A page whose content is wrong ends it with code 1, and the line says which
 * page.
 */
#include <errno.h>
#include <getopt.h>
#include <linux/types.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/text/number.h"

enum {
	PAGE = 4096,
	WORDS = PAGE / sizeof(__u64),
	PATTERN = 8, /* words, after which they repeat: with one, zram would store a page as a word */
	EXIT_WRONG = 1,
	EXIT_USAGE = 2,
	EXIT_FAILED = 3,
};

struct settings {
	__u64 megabytes, random_percent, reads, hold, seed;
	bool is_checked;
};

struct hog {
	__u64 *memory;
	__u64 pages, seed;
	size_t random_words; /* at the beginning of each page */
};

/* What random reads took. */
struct reads {
	__u64 *nanoseconds; /* of those that had to be waited for */
	size_t count;
};

static __u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (__u64)time.tv_sec * 1000000000 + (__u64)time.tv_nsec;
}

static double seconds_since(__u64 start)
{
	return (double)(now() - start) / 1e9;
}

/* splitmix64 */
static __u64 next_random(__u64 *state)
{
	__u64 z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* The content that this page must have. */
static void make_page(const struct hog *hog, __u64 page, __u64 words[WORDS])
{
	__u64 state = hog->seed ^ (page * 0xd6e8feb86659fd93);

	for (size_t i = 0; i < WORDS; i++)
		words[i] = i < hog->random_words + PATTERN ? next_random(&state) : words[i - PATTERN];
}

/* Says where it is wrong. */
static bool is_right(const struct hog *hog, __u64 page)
{
	const __u64 *is = hog->memory + page * WORDS;
	__u64 should[WORDS];

	make_page(hog, page, should);
	if (!memcmp(is, should, PAGE))
		return true;
	for (size_t i = 0; i < WORDS; i++) {
		if (is[i] == should[i])
			continue;
		printf("wrong=1 page=%llu byte=%zu is=%016llx should=%016llx\n", page, i * sizeof(__u64), is[i],
			should[i]);
		break;
	}
	return false;
}

static bool all_right(const struct hog *hog)
{
	__u64 start = now();

	for (__u64 page = 0; page < hog->pages; page++) {
		if (!is_right(hog, page))
			return false;
	}
	printf("checked=%llu seconds=%.3f wrong=0\n", hog->pages, seconds_since(start));
	return true;
}

static void fill(const struct hog *hog)
{
	for (__u64 page = 0; page < hog->pages; page++)
		make_page(hog, page, hog->memory + page * WORDS);
}

static long major_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_majflt;
}

static void read_page(const struct hog *hog, __u64 page, struct reads *reads)
{
	const volatile __u64 *first = hog->memory + page * WORDS;
	long faults = major_faults();
	__u64 start = now();
	__u64 duration;

	(void)*first;
	duration = now() - start;
	if (major_faults() != faults)
		reads->nanoseconds[reads->count++] = duration;
}

static bool read_pages(const struct hog *hog, __u64 count, struct reads *reads)
{
	__u64 state = ~hog->seed;

	for (__u64 i = 0; i < count; i++) {
		__u64 page = next_random(&state) % hog->pages;

		read_page(hog, page, reads);
		if (!is_right(hog, page))
			return false;
	}
	return true;
}

static int by_size(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double microseconds(const struct reads *reads, size_t percent)
{
	return reads->count ? (double)reads->nanoseconds[(reads->count - 1) * percent / 100] / 1e3 : 0;
}

static double mean(const struct reads *reads)
{
	double sum = 0;

	for (size_t i = 0; i < reads->count; i++)
		sum += (double)reads->nanoseconds[i];
	return reads->count ? sum / (double)reads->count / 1e3 : 0;
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void report(double fill_seconds, double read_seconds, struct reads *reads)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	if (reads->count)
		qsort(reads->nanoseconds, reads->count, sizeof(*reads->nanoseconds), by_size);
	printf("fill=%.3f read_us=%.1f p50=%.1f p99=%.1f faults=%zu reads=%.3f user=%.2f sys=%.2f wrong=0\n",
		fill_seconds, mean(reads), microseconds(reads, 50), microseconds(reads, 99), reads->count, read_seconds,
		seconds(usage.ru_utime), seconds(usage.ru_stime));
}

/* SIGUSR1, which is blocked, asks for a check. */
static bool hold(const struct hog *hog, __u64 duration, const sigset_t *signals)
{
	__u64 end = now() + duration * 1000000000;
	__u64 time;

	while ((time = now()) < end) {
		struct timespec rest = { (time_t)((end - time) / 1000000000), (long)((end - time) % 1000000000) };

		if (sigtimedwait(signals, NULL, &rest) == SIGUSR1 && !all_right(hog))
			return false;
	}
	return true;
}

/* Huge pages would be split first, and swapped together: what is measured is a page. */
static bool take_memory(struct hog *hog, struct reads *reads, __u64 count)
{
	hog->memory = mmap(NULL, hog->pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		-1, 0);
	if (hog->memory == MAP_FAILED || (madvise(hog->memory, hog->pages * PAGE, MADV_NOHUGEPAGE) && errno != EINVAL))
		return false;
	reads->nanoseconds = count ? calloc(count, sizeof(*reads->nanoseconds)) : NULL;
	return !count || reads->nanoseconds;
}

static int run_hog(const struct hog *hog, const struct settings *settings, struct reads *reads, const sigset_t *signals)
{
	__u64 start = now();
	double fill_seconds;

	fill(hog);
	fill_seconds = seconds_since(start);
	start = now();
	if (!read_pages(hog, settings->reads, reads))
		return EXIT_WRONG;
	report(fill_seconds, seconds_since(start), reads);
	if (settings->is_checked && !all_right(hog))
		return EXIT_WRONG;
	return hold(hog, settings->hold, signals) ? 0 : EXIT_WRONG;
}

static bool take_number(const char *text, __u64 most, __u64 *number)
{
	return !number_parse(text, 0, most, number);
}

static bool take_options(int argc, char **argv, struct settings *settings)
{
	static const struct option options[] = {
		{ "size", required_argument, NULL, 's' }, { "random", required_argument, NULL, 'r' },
		{ "reads", required_argument, NULL, 'n' }, { "hold", required_argument, NULL, 'w' },
		{ "check", no_argument, NULL, 'c' }, { "seed", required_argument, NULL, 'S' }, { 0 },
	};
	bool is_right = true;
	int option;

	while (is_right && (option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (option) {
		case 's': is_right = take_number(optarg, 1 << 24, &settings->megabytes); break;
		case 'r': is_right = take_number(optarg, 100, &settings->random_percent); break;
		case 'n': is_right = take_number(optarg, 1 << 28, &settings->reads); break;
		case 'w': is_right = take_number(optarg, 1 << 20, &settings->hold); break;
		case 'c': settings->is_checked = true; break;
		case 'S': is_right = take_number(optarg, ~0ULL, &settings->seed); break;
		default: return false;
		}
	}
	return is_right && optind == argc && settings->megabytes;
}

int main(int argc, char **argv)
{
	struct settings settings = { .seed = 1 };
	struct reads reads = { 0 };
	struct hog hog;
	sigset_t signals;

	if (!take_options(argc, argv, &settings)) {
		fputs("usage: hog --size MB [--random PERCENT] [--reads N] [--hold SECONDS] [--check] [--seed N]\n", stderr);
		return EXIT_USAGE;
	}
	hog = (struct hog){ .pages = settings.megabytes * ((1 << 20) / PAGE), .seed = settings.seed,
		.random_words = WORDS * settings.random_percent / 100 };
	/* A caller waits for lines, also for those before a kill. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (!take_memory(&hog, &reads, settings.reads)) {
		perror("hog: memory");
		return EXIT_FAILED;
	}
	return run_hog(&hog, &settings, &reads, &signals);
}
