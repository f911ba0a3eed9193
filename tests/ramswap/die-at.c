// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ramswap up and down that are killed: at the Nth moment of their steps this process kills itself, as kill -9 does it
 * from elsewhere. The moments are those before each step, when it is in the state, and when the kernel has done it; of
 * those taken back, too.
 *
 *	die-at up|down N
 *	die-at stop N       up, which is stopped there as by a signal that it catches: 3 is its exit code
 *	die-at swapoff N    down of the reserved memory, killed when it looks the Nth time how far swapoff is
 *	die-at victim N     the same, in which swapoff is killed
 *
 * It prints where that was. It ends with 0 if there are fewer moments.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../ramswap/apply/apply.h"

static const char *const moments[] = {
	[APPLY_WILL] = "before",
	[APPLY_RECORDED] = "recorded",
	[APPLY_MADE] = "made",
	[APPLY_WILL_TAKE_BACK] = "before taking back",
	[APPLY_TAKEN_BACK] = "taken back",
};

enum mode { UP, DOWN, STOP, SWAPOFF, VICTIM };

static const char *const modes[] = { "up", "down", "stop", "swapoff", "victim" };

struct end {
	enum mode mode;
	unsigned long left; /* moments, or looks */
};

static bool step(void *context, enum apply_moment moment, const char *words)
{
	struct end *end = context;

	if (end->mode > STOP || --end->left)
		return true;
	printf("%s: %s\n", moments[moment], words);
	fflush(stdout);
	if (end->mode != STOP)
		kill(getpid(), SIGKILL);
	return false;
}

/* The one process of its control group. */
static pid_t find_swapoff(void)
{
	FILE *file = fopen("/sys/fs/cgroup/ramswap-swapoff/cgroup.procs", "r");
	long process = 0;

	if (file && fscanf(file, "%ld", &process) != 1)
		process = 0;
	if (file)
		fclose(file);
	return (pid_t)process;
}

static bool progress(void *context, const char *device, __u64 done, __u64 total)
{
	struct end *end = context;
	pid_t process = find_swapoff();

	/* It may just begin. */
	if (end->mode < SWAPOFF || process <= 0 || --end->left)
		return true;
	printf("%s: %llu of %llu bytes, process %d\n", device, (unsigned long long)done, (unsigned long long)total, process);
	fflush(stdout);
	kill(end->mode == SWAPOFF ? getpid() : process, SIGKILL);
	return true;
}

static void note(void *context, const char *text)
{
	(void)context;
	printf("note: %s\n", text);
}

static int run(int root, const struct apply_watcher *watcher, enum mode mode, struct ramswap_problem *problem)
{
	char *pmem[] = { (char *)"pmem0", NULL };
	const struct apply_down_settings settings = { .devices = pmem, .device_count = mode == DOWN ? 0 : 1, .timeout = 60 };
	struct apply_prepared prepared;
	struct apply_down down;

	if (mode == UP || mode == STOP)
		return apply_up(root, NULL, watcher, &prepared, problem);
	return apply_down(root, &settings, watcher, &down, problem);
}

int main(int argc, char **argv)
{
	struct end end = { UP, argc == 3 ? strtoul(argv[2], NULL, 10) : 0 };
	const struct apply_watcher watcher = { step, progress, note, &end };
	struct ramswap_problem problem = { "" };
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	while (end.left && end.mode <= VICTIM && strcmp(argv[1], modes[end.mode]))
		end.mode++;
	if (!end.left || end.mode > VICTIM || root < 0) {
		fputs("usage: die-at up|down|stop|swapoff|victim N\n", stderr);
		return 2;
	}
	if (!run(root, &watcher, end.mode, &problem))
		return 0;
	printf("%s\n", problem.text);
	return 3;
}
