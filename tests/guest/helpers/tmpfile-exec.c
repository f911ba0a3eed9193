// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Executes a copy of a program that has no name: from O_TMPFILE, or (-d) from a file that was
 * deleted. The copy is opened for reading only before it is executed.
 */
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report.h"

extern char **environ;

int main(int argc, char **argv)
{
	int deleted = argc == 3 && !strcmp(argv[1], "-d");
	char *arguments[] = { argv[argc - 1], NULL };
	char name[64];
	struct stat status;
	int file, copy, program;

	if (argc != 2 + deleted)
		misused("tmpfile-exec [-d] FILE");
	file = open(argv[argc - 1], O_RDONLY);
	if (file < 0 || fstat(file, &status))
		refused(argv[argc - 1]);
	snprintf(name, sizeof(name), "/tmp/deleted.%d", (int)getpid());
	copy = deleted ? open(name, O_CREAT | O_EXCL | O_WRONLY, 0755) :
			 open("/tmp", O_TMPFILE | O_WRONLY, 0755);
	if (copy < 0)
		refused("open");
	for (off_t left = status.st_size; left > 0;) {
		ssize_t copied = sendfile(copy, file, NULL, (size_t)left);

		if (copied <= 0)
			refused("sendfile");
		left -= copied;
	}
	if (!deleted)
		snprintf(name, sizeof(name), "/proc/self/fd/%d", copy);
	program = open(name, O_RDONLY | O_CLOEXEC);
	if (program < 0 || (deleted && unlink(name)))
		refused(name);
	close(copy);
	execveat(program, "", arguments, environ, AT_EMPTY_PATH);
	refused("execveat");
}
