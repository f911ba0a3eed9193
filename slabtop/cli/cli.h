/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share: the exit codes. */
#ifndef SLABTOP_CLI_H
#define SLABTOP_CLI_H

#include "../../lib/command/colour.h"
#include "../../lib/command/complain.h"

/* Exit codes: stable, documented in slabtop(1). */
enum {
	EXIT_OK = 0,
	EXIT_GROWS = 1, /* of watch: a cache grows steadily */
	/* EXIT_USAGE = 2, of lib/command/complain.h */
	EXIT_ERROR = 3, /* could not be done: a missing right, a file that is no recording */
};

/* Defined one a file, cmd_NAME.c; argv[0] is the subcommand's name. */
int cmd_record(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_watch(int argc, char **argv);
int cmd_plot(int argc, char **argv);

/*
 * From now on SIGINT, SIGTERM and SIGHUP only set interrupted, and end waiting; SIGPIPE is ignored,
 * so that writing fails instead.
 */
void catch_interrupts(void);
extern volatile int interrupted;

/* Waits until CLOCK_MONOTONIC shows this many nanoseconds, or for an interrupt. */
void wait_until(unsigned long long monotonic);

/* What getopt_long, whose option letters begin with a colon, did not take. Returns EXIT_USAGE. */
int option_error(const char *subcommand, int option, int argc, char **argv);

/* Once all is printed: EXIT_OK, or EXIT_ERROR and words if it could not be. */
int finish_output(void);

#endif
