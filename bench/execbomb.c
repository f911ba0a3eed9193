// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bounded storm of short processes: execbomb [-j WORKERS] [-e STATUS] COUNT
 *
 * Each of WORKERS (2) makes its share of COUNT processes, one after the other; each of them runs this
 * very program again, which exits at once with STATUS (0). Prints how many seconds all of it took, and
 * how many of processor time.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COUNT_MAX 1000000000L

static int make_processes(long count, const char *program, char *status)
{
	char *arguments[] = {"execbomb", "--exit", status, NULL};

	while (count-- > 0) {
		pid_t pid;

		if (posix_spawn(&pid, program, NULL, NULL, arguments, NULL) ||
			waitpid(pid, NULL, 0) != pid)
			return 1;
	}
	return 0;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double processor_time(void)
{
	struct rusage used;

	getrusage(RUSAGE_CHILDREN, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static int run(const char *program, long workers, long count, char *status)
{
	double begin = now();
	int failed = 0, how;

	for (long i = 0; i < workers; i++) {
		pid_t worker = fork();

		if (worker < 0)
			return 1;
		if (!worker)
			_exit(make_processes(
				count / workers + (i < count % workers), program, status));
	}
	while (wait(&how) > 0)
		failed |= how;
	printf("%.3f %.3f\n", now() - begin, processor_time());
	return failed != 0;
}

int main(int argc, char **argv)
{
	char program[4096] = "";
	long workers = 2, count;
	char *status = "0";
	int option;

	if (argc == 3 && !strcmp(argv[1], "--exit"))
		_exit(atoi(argv[2]));
	while ((option = getopt(argc, argv, "j:e:")) != -1) {
		if (option == 'j')
			workers = strtol(optarg, NULL, 10);
		else if (option == 'e')
			status = optarg;
		else
			return 2;
	}
	count = optind + 1 == argc ? strtol(argv[optind], NULL, 10) : 0;
	if (workers < 1 || workers > 64 || count < 1 || count > COUNT_MAX) {
		fputs("usage: execbomb [-j WORKERS] [-e STATUS] COUNT\n", stderr);
		return 2;
	}
	if (readlink("/proc/self/exe", program, sizeof(program) - 1) < 0)
		return 1;
	return run(program, workers, count, status);
}
