// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A library whose code runs as soon as it is loaded: it prints a word, which the build chooses. Its
 * function speak() is on a page of its own.
 */
#include <stdio.h>
#include "speak.h"

#ifdef BALLAST
/* So that it takes a while to hash. */
const char ballast[BALLAST] = { 1 };
#endif

static __attribute__((constructor)) void greet(void)
{
	puts(WORD);
	fflush(stdout);
}

__attribute__((aligned(4096))) void speak(void)
{
	say_the_word();
}
