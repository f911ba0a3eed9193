// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times how long it takes to start a program and see it end: bench-exec COUNT PROGRAM. Prints the
 * least and the median, in microseconds.
 */
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include "report.h"

extern char **environ;

static double microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
	int count = argc == 3 ? atoi(argv[1]) : 0;
	char *arguments[] = { argc == 3 ? argv[2] : NULL, NULL };
	double *times;

	if (count < 1)
		misused("bench-exec COUNT PROGRAM");
	times = calloc((size_t)count, sizeof(*times));
	if (!times)
		refused("calloc");
	for (int i = 0; i < count; i++) {
		double start = microseconds();
		int status;
		pid_t child;

		errno = posix_spawn(&child, argv[2], NULL, NULL, arguments, environ);
		if (errno || waitpid(child, &status, 0) < 0)
			refused(argv[2]);
		times[i] = microseconds() - start;
	}
	qsort(times, (size_t)count, sizeof(*times), compare);
	printf("min %.0f median %.0f\n", times[0], times[count / 2]);
	return 0;
}
