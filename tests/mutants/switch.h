/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Included first by each file that tests/mutants has changed: all mutants are compiled in, and the
 * environment says which one a process is to have; and the engine in the kernel the one of who starts it.
 */
#ifndef TESTS_MUTANTS_SWITCH_H
#define TESTS_MUTANTS_SWITCH_H

#ifdef __bpf__
/* Written before the programs are loaded. The verifier knows it, and sees the chosen mutant alone. */
const volatile int mutant_chosen = 0;

#define MUTANT(number) (mutant_chosen == (number))
#else
#include <stdlib.h>

static inline int mutant_of_environment(void)
{
	static int chosen = -1;

	if (chosen < 0) {
		const char *text = getenv("KERNKIT_MUTANT");

		chosen = text ? atoi(text) : 0;
	}
	return chosen;
}

#define MUTANT(number) (mutant_of_environment() == (number))
#endif

#endif
