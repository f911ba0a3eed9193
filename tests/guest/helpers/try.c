// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a command in its own place, and names the error if the kernel does not let it.
 * -u: as user 1000, without any privilege; -n: in a new user namespace; -r N: N times, as long as
 * the kernel refuses it.
 */
#include <grp.h>
#include <sched.h>
#include <unistd.h>
#include "report.h"

int main(int argc, char **argv)
{
	int option, times = 1;

	while ((option = getopt(argc, argv, "+unr:")) != -1) {
		if (option == 'u') {
			if (setgroups(0, NULL) || setresgid(1000, 1000, 1000) ||
				setresuid(1000, 1000, 1000))
				refused("setresuid");
		} else if (option == 'n') {
			if (unshare(CLONE_NEWUSER))
				refused("unshare");
		} else if (option == 'r') {
			times = atoi(optarg);
		} else {
			misused("try [-u] [-n] [-r N] COMMAND...");
		}
	}
	if (optind == argc)
		misused("try [-u] [-n] [-r N] COMMAND...");
	for (int i = 0; i < times; i++)
		execvp(argv[optind], argv + optind);
	refused(argv[optind]);
}
