// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ramswap up and down that are killed: at the Nth moment of their steps this process kills itself, as kill -9 does it
 * from elsewhere. The moments are those before each step, when it is in the state, and when the kernel has done it; of
 * those taken back, too.
 *
 *	die-at up|down N
 *	die-at stop N       up, which is stopped there as by a signal that it catches: 3 is its exit code
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

struct end {
	unsigned long left; /* moments */
	bool is_stop;
};

static bool step(void *context, enum apply_moment moment, const char *words)
{
	struct end *end = context;

	if (--end->left)
		return true;
	printf("%s: %s\n", moments[moment], words);
	fflush(stdout);
	if (!end->is_stop)
		kill(getpid(), SIGKILL);
	return false;
}

static void note(void *context, const char *text)
{
	(void)context;
	printf("note: %s\n", text);
}

int main(int argc, char **argv)
{
	struct end end = { argc == 3 ? strtoul(argv[2], NULL, 10) : 0, argc == 3 && !strcmp(argv[1], "stop") };
	const struct apply_watcher watcher = { .step = step, .note = note, .context = &end };
	const struct apply_down_settings settings = { .timeout = 60 };
	struct ramswap_problem problem = { "" };
	struct apply_prepared prepared;
	struct apply_down down;
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), err;

	if (!end.left || root < 0) {
		fputs("usage: die-at up|down|stop N\n", stderr);
		return 2;
	}
	if (strcmp(argv[1], "down"))
		err = apply_up(root, NULL, &watcher, &prepared, &problem);
	else
		err = apply_down(root, &settings, &watcher, &down, &problem);
	if (err)
		printf("%s\n", problem.text);
	return err ? 3 : 0;
}
