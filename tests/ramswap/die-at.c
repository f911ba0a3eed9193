// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ramswap up and down that are killed: at the Nth moment of their steps this process kills itself, as kill -9 does it from
 * elsewhere. The moments are those before each step, when it is in the state, and when the kernel has done it; of
 * those taken back, too.
 *
 *	die-at up|down N [CONFIG]
 *
 * It prints where it died. It ends with 0 if there are fewer moments.
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

static bool step(void *context, enum apply_moment moment, const char *words)
{
	unsigned long *left = context;

	if (--*left)
		return true;
	printf("%s: %s\n", moments[moment], words);
	fflush(stdout);
	kill(getpid(), SIGKILL);
	return true;
}

static void note(void *context, const char *text)
{
	(void)context;
	printf("note: %s\n", text);
}

int main(int argc, char **argv)
{
	unsigned long left = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	const struct apply_watcher watcher = { .step = step, .note = note, .context = &left };
	const struct apply_down_settings settings = { .timeout = 60 };
	struct ramswap_problem problem = { "" };
	struct apply_prepared prepared;
	struct apply_down down;
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), err;

	if (!left || root < 0) {
		fputs("usage: die-at up|down N [CONFIG]\n", stderr);
		return 2;
	}
	if (!strcmp(argv[1], "up"))
		err = apply_up(root, argc > 3 ? argv[3] : NULL, &watcher, &prepared, &problem);
	else
		err = apply_down(root, &settings, &watcher, &down, &problem);
	if (err)
		printf("%s\n", problem.text);
	return err ? 3 : 0;
}
