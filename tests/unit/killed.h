/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that is killed before one of the system calls by which it changes files. */
#ifndef KERNKIT_TESTS_KILLED_H
#define KERNKIT_TESTS_KILLED_H

#include <stdbool.h>

/*
 * Runs act in a child, and kills it before its change of that number, from 0 on. false: it made no more than that, and act returned 0,
 * which is asserted.
 */
bool killed_before(unsigned int count, int (*act)(void *closure), void *closure);

#endif
