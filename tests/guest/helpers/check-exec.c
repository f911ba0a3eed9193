// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Asks the kernel whether a file may be executed, as an interpreter would: check-exec FILE. Ends with
 * 3 where the kernel cannot be asked (before 6.14).
 */
#include <fcntl.h>
#include <unistd.h>
#include "report.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

extern char **environ;

int main(int argc, char **argv)
{
	int file;

	if (argc != 2)
		misused("check-exec FILE");
	file = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (file < 0)
		refused(argv[1]);
	if (execveat(file, "", argv + 1, environ, AT_EMPTY_PATH | AT_EXECVE_CHECK)) {
		if (errno == EINVAL)
			return 3;
		refused("execveat");
	}
	printf("may run\n");
	return 0;
}
