// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a command while it could itself still change a file: through a descriptor ("fd"), or
 * through a shared writable mapping whose descriptor is closed ("map"). After the command it
 * changes the file's ELF header in that very way.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "report.h"

#define ELF_FLAGS 48 /* e_flags, which means nothing on x86 */

int main(int argc, char **argv)
{
	unsigned char *memory = NULL, byte;
	int file, mapped, status;
	pid_t child;

	if (argc < 4 || (strcmp(argv[1], "fd") && strcmp(argv[1], "map")))
		misused("hold-writer fd|map FILE COMMAND...");
	mapped = !strcmp(argv[1], "map");
	file = open(argv[2], O_RDWR | O_CLOEXEC);
	if (file < 0)
		refused(argv[2]);
	if (mapped) {
		memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
		if (memory == MAP_FAILED)
			refused("mmap");
		close(file);
	}
	child = fork();
	if (child == 0) {
		execvp(argv[3], argv + 3);
		refused(argv[3]);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		refused("fork");
	if (mapped)
		memory[ELF_FLAGS] ^= 1;
	else if (pread(file, &byte, 1, ELF_FLAGS) != 1 || (byte ^= 1, 0) ||
		 pwrite(file, &byte, 1, ELF_FLAGS) != 1)
		refused("pwrite");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
