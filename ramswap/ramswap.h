/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libramswap: what memory and what swap a machine has, and what should be made of it. Nothing here changes the machine.
 * Functions return 0 or a negative errno, print nothing, and keep no state; a root folder stands for "/", so that a
 * recorded machine can be planned on another.
 */
#ifndef RAMSWAP_H
#define RAMSWAP_H

#include "facts.h"
#include "plan.h"
#include "settings.h"

/* What was wrong, in words, in one line. */
struct ramswap_problem {
	char text[512];
};

/*
 * Reads the machine below the folder that root is a descriptor of ("/": of the running one). What is missing, or is
 * nonsense, is left out; only what no plan can be made without is an error: memory and swaps. 0 and *facts, to be freed
 * with ramswap_facts_free; or a negative errno and what was wrong.
 */
int ramswap_facts_read(int root, struct ramswap_facts **facts, struct ramswap_problem *problem);
void ramswap_facts_free(struct ramswap_facts *facts);

/* The device of that name; NULL: there is none. */
const struct ramswap_block *ramswap_find_block(const struct ramswap_facts *facts, const char *name);

#endif
