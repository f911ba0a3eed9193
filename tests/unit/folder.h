/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A temporary folder, in which all tests of a program run: for cmocka_run_group_tests. */
#ifndef KERNKIT_TESTS_FOLDER_H
#define KERNKIT_TESTS_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/kernkit-test-XXXXXX";

static inline int folder_enter(void **state)
{
	(void)state;
	return mkdtemp(folder) ? chdir(folder) : -1;
}

/* With all that is in it. */
static inline int folder_leave(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return chdir("/") || system(command);
}

#endif
