/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share: the exit codes. */
#ifndef SLABTOP_CLI_H
#define SLABTOP_CLI_H

#include "../../lib/command/colour.h"
#include "../../lib/command/command.h"
#include "../../lib/command/complain.h"

/* Exit codes: stable, documented in slabtop(1). */
enum {
	EXIT_OK = 0,
	EXIT_GROWS = 1, /* of watch: a cache grows steadily */
	/* EXIT_USAGE = 2, of lib/command/complain.h */
	EXIT_ERROR = 3, /* could not be done: a missing right, a file that is no recording */
};

/* The subcommands: one a file, cmd_NAME.c. */
extern const struct command record_command, replay_command, diff_command, watch_command, plot_command;

/*
 * From now on SIGINT, SIGTERM and SIGHUP only set interrupted, and end waiting; SIGPIPE is ignored,
 * so that writing fails instead.
 */
void catch_interrupts(void);
extern volatile int interrupted;

/* Waits until CLOCK_MONOTONIC shows this many nanoseconds, or for an interrupt. */
void wait_until(unsigned long long monotonic);

#endif
