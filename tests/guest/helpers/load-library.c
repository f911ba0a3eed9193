// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads a library by its path while running. */
#include <dlfcn.h>
#include <stdio.h>
#include "report.h"

int main(int argc, char **argv)
{
	if (argc != 2)
		misused("load-library FILE");
	if (!dlopen(argv[1], RTLD_NOW)) {
		fprintf(stderr, "%s\n", dlerror());
		return EXIT_REFUSED;
	}
	return 0;
}
