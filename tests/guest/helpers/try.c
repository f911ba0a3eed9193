// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a command in its own place, and names the error if the kernel does not let it.
 * -u: as user 1000, without any privilege; -n: in a new user namespace.
 */
#include <grp.h>
#include <sched.h>
#include <unistd.h>
#include "report.h"

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+un")) != -1) {
		if (option == 'u') {
			if (setgroups(0, NULL) || setresgid(1000, 1000, 1000) ||
				setresuid(1000, 1000, 1000))
				refused("setresuid");
		} else if (option == 'n') {
			if (unshare(CLONE_NEWUSER))
				refused("unshare");
		} else {
			misused("try [-u] [-n] COMMAND...");
		}
	}
	if (optind == argc)
		misused("try [-u] [-n] COMMAND...");
	execvp(argv[optind], argv + optind);
	refused(argv[optind]);
}
