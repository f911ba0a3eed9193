// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loads a shared object into this process, as far as dlopen goes, and says how that went. What its
 * constructors do to the process is part of the answer: see tests/interop/report.
 *
 *   loads FILE    exit code 0: loaded; 1: not, and why on stdout
 */
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	if (!dlopen(argv[1], RTLD_LAZY | RTLD_LOCAL)) {
		puts(dlerror());
		return 1;
	}
	/* Destructors of a library that nobody set up are not what is asked. */
	_exit(0);
}
