// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times dlopen(3) of libraries, all of them one after the other, in a new process each round:
 *
 *   load-each ROUNDS LIBRARY...
 *
 * Prints the median in nanoseconds for all libraries together.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void load(char **libraries, long long *time)
{
	long long start = now_ns();

	for (; *libraries; libraries++) {
		if (!dlopen(*libraries, RTLD_NOW)) {
			fprintf(stderr, "load-each: %s\n", dlerror());
			_exit(1);
		}
	}
	*time = now_ns() - start;
	_exit(0);
}

static int compare(const void *left, const void *right)
{
	long long a = *(const long long *)left, b = *(const long long *)right;

	return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[1]) : 0;
	long long *times;

	if (rounds < 1) {
		fputs("usage: load-each ROUNDS LIBRARY...\n", stderr);
		return 2;
	}
	times = mmap(NULL, (size_t)rounds * sizeof(*times), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (times == MAP_FAILED)
		return 1;
	for (int round = 0; round < rounds; round++) {
		pid_t child = fork();
		int status;

		if (child == 0)
			load(argv + 2, &times[round]);
		if (child < 0 || waitpid(child, &status, 0) < 0 || status)
			return 1;
	}
	qsort(times, (size_t)rounds, sizeof(*times), compare);
	printf("%lld\n", times[rounds / 2]);
	return 0;
}
