// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copies a program into memory and executes it from there. -s: sealed first, so that nobody can
 * change it any more; otherwise the descriptor for writing stays open.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report.h"

extern char **environ;

int main(int argc, char **argv)
{
	int sealed = argc == 3 && !strcmp(argv[1], "-s");
	const char *path = argv[argc - 1];
	char *arguments[] = { argv[argc - 1], NULL };
	struct stat status;
	int file, memory;

	if (argc != 2 + sealed)
		misused("memfd-exec [-s] FILE");
	file = open(path, O_RDONLY);
	if (file < 0 || fstat(file, &status))
		refused(path);
	memory = memfd_create("program", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory < 0)
		refused("memfd_create");
	for (off_t left = status.st_size; left > 0;) {
		ssize_t copied = sendfile(memory, file, NULL, (size_t)left);

		if (copied <= 0)
			refused("sendfile");
		left -= copied;
	}
	if (sealed && fcntl(memory, F_ADD_SEALS,
			      F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		refused("F_ADD_SEALS");
	execveat(memory, "", arguments, environ, AT_EMPTY_PATH);
	refused("execveat");
}
