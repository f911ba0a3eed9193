/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share. */
#ifndef RAMSWAP_CLI_H
#define RAMSWAP_CLI_H

#include "../../lib/command/command.h"
#include "../../lib/command/complain.h"

/* Exit codes: stable, documented in ramswap(1). */
enum {
	EXIT_OK = 0,
	EXIT_NO = 1, /* of a question: no */
	/* EXIT_USAGE = 2, of lib/command/complain.h */
	EXIT_ERROR = 3, /* could not be done */
	EXIT_REFUSED = 4, /* could be done, and would do harm: nothing was changed */
};

/* The subcommands: one a file, cmd_NAME.c. */
extern const struct command plan_command;
extern const struct command up_command;
extern const struct command down_command;
extern const struct command status_command;
extern const struct command watch_command;
extern const struct command sources_command;
extern const struct command advise_command;
extern const struct command test_command;
extern const struct command maintain_command;
extern const struct command import_command;

#endif
