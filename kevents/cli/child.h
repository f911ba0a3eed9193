/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that is run to be watched. */
#ifndef KEVENTS_CLI_CHILD_H
#define KEVENTS_CLI_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child {
	pid_t pid; /* 0: there is none */
	int gate; /* it waits until this is closed */
	int code; /* once it has ended: its exit status, or 128 and its signal */
};

/* Forks; the command is executed when child_release says so. 0 or a negative errno. */
int child_start(char **command, struct child *child);
/* Executes the command, if there is a child. To be called once. */
void child_release(struct child *child);
/* Or it is never executed. */
void child_cancel(struct child *child);
/* Whether it has ended. */
bool child_has_ended(struct child *child);

#endif
