// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times the start of programs until they have ended, each by itself:
 *
 *   exec-each ROUNDS [--hash] FILE...
 *
 * Goes through the files ROUNDS times and prints the median in nanoseconds. With --hash each start
 * is followed by sha256sum of the same file, inside the same measurement.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void run(const char *program, char *const arguments[])
{
	posix_spawn_file_actions_t actions;
	int status, err;
	pid_t child;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	err = posix_spawn(&child, program, &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err || waitpid(child, &status, 0) < 0 || status) {
		fprintf(stderr, "exec-each: %s: %s\n", program, err ? strerror(err) : "failed");
		exit(1);
	}
}

static int compare(const void *left, const void *right)
{
	long long a = *(const long long *)left, b = *(const long long *)right;

	return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 0, first = 2, count = 0;
	int hash = argc > 2 && !strcmp(argv[2], "--hash");
	long long *times;

	first += hash;
	if (rounds < 1 || argc <= first) {
		fputs("usage: exec-each ROUNDS [--hash] FILE...\n", stderr);
		return 2;
	}
	times = calloc((size_t)rounds * (size_t)(argc - first), sizeof(*times));
	if (!times)
		return 1;
	for (int round = 0; round < rounds; round++) {
		for (int i = first; i < argc; i++) {
			char *plain[] = { argv[i], NULL };
			char *hashing[] = { "sha256sum", argv[i], NULL };
			long long start = now_ns();

			run(argv[i], plain);
			if (hash)
				run("/usr/bin/sha256sum", hashing);
			times[count++] = now_ns() - start;
		}
	}
	qsort(times, (size_t)count, sizeof(*times), compare);
	printf("%lld\n", times[count / 2]);
	return 0;
}
