// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loads a library by its path, and runs a command, if one is given, while it has it loaded. Then it
 * calls the library's function speak(), if it had one.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "report.h"

int main(int argc, char **argv)
{
	void *library, *symbol;
	void (*speak)(void);
	pid_t child;
	int status;

	if (argc < 2)
		misused("load-library FILE [COMMAND...]");
	library = dlopen(argv[1], RTLD_NOW);
	if (!library) {
		fprintf(stderr, "%s\n", dlerror());
		return EXIT_REFUSED;
	}
	if (argc == 2)
		return 0;
	symbol = dlsym(library, "speak");
	memcpy(&speak, &symbol, sizeof(speak));
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		refused(argv[2]);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		refused("fork");
	if (speak)
		speak();
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
