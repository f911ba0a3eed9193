/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share. */
#ifndef NETCON_CLI_H
#define NETCON_CLI_H

#include "../../lib/command/command.h"
#include "../../lib/command/complain.h"

/* Exit codes: stable, documented in netcon(1). */
enum {
	EXIT_OK = 0,
	EXIT_NO = 1, /* of a question: no */
	/* EXIT_USAGE = 2, of lib/command/complain.h */
	EXIT_ERROR = 3, /* could not be done */
};

/* The subcommands: one a file, cmd_NAME.c. */
extern const struct command recv_command;
extern const struct command send_command;
extern const struct command setup_command;
extern const struct command list_command;
extern const struct command remove_command;
extern const struct command test_command;

/* The port of the kernel's netconsole targets, and the one that they send from. */
#define NETCON_PORT 6666
#define NETCON_SOURCE_PORT 6665

#endif
