// SPDX-License-Identifier: GPL-2.0-or-later
/* A library whose code runs as soon as it is loaded: it prints a word, which the build chooses. */
#include <stdio.h>

static __attribute__((constructor)) void greet(void)
{
	puts(WORD);
	fflush(stdout);
}
