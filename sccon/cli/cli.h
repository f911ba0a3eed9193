/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share. */
#ifndef SCCON_CLI_H
#define SCCON_CLI_H

#include "../../lib/command/command.h"
#include "../../lib/command/complain.h"

/* Exit codes: stable, documented in sccon(1). */
enum {
	EXIT_OK = 0,
	EXIT_NO = 1, /* the server ended it; of status: the line is away, or there is no module */
	/* EXIT_USAGE = 2, of lib/command/complain.h */
	EXIT_ERROR = 3, /* could not be done */
	EXIT_LINE = 10, /* of chat: this and the number of the line that failed; at most EXIT_LINE_MAX */
	EXIT_LINE_MAX = 125,
};

/* The subcommands: one a file, cmd_NAME.c. */
extern const struct command serve_command;
extern const struct command attach_command;
extern const struct command log_command;
extern const struct command chat_command;
extern const struct command status_command;

#endif
