/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines, settings and measurements that nobody has: the same for the same start, as long as the compiler is the
 * same, which chooses the order of arguments.
 */
#ifndef TEST_RAMSWAP_RANDOM_H
#define TEST_RAMSWAP_RANDOM_H

#include "ramswap/ramswap.h"

/* What they were made of: ramswap_machine.h, ramswap.conf. */
struct random_text {
	char bytes[4096];
	size_t length;
};

/* start: not 0. */
void random_begin(__u64 start);

/* text: empty. The facts are to be freed with machine_free. */
struct ramswap_facts *random_machine(struct random_text *text);
void random_settings(struct random_text *text, struct ramswap_settings *settings);
void random_measures(struct ramswap_measures *measures);

#endif
