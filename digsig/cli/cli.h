/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share: their names, the exit codes. */
#ifndef DIGSIG_CLI_H
#define DIGSIG_CLI_H

#include "../../lib/command/colour.h"
#include "../../lib/command/command.h"
#include "../../lib/command/complain.h"
#include "../format/verdict.h"

/* Exit codes: stable, documented in digsig(1); 64 to 70 are those of bsign. */
enum {
	EXIT_OK = 0,
	EXIT_ERROR = 1, /* could not be done: a file that cannot be opened, a missing right */
	/* EXIT_USAGE = 2, of lib/command/complain.h */
	EXIT_NOT_RUNNING = 3, /* the engine */
	EXIT_NO_HASH = 64, /* of verify --legacy: no section of bsign's */
	EXIT_UNSIGNED = 65,
	EXIT_TAMPERED = 66,
	EXIT_BAD_SIGNATURE = 67, /* also: by an unknown key */
	EXIT_UNSUPPORTED = 68, /* not a file that can carry a block, or a malformed block */
	EXIT_BAD_PASSPHRASE = 69,
	EXIT_REWRITE_FAILED = 70,
};

/* The subcommands: one a file, cmd_NAME.c. */
extern const struct command key_command;
extern const struct command sign_command;
extern const struct command prepare_command;
extern const struct command attach_command;
extern const struct command verify_command;
extern const struct command show_command;
extern const struct command strip_command;
extern const struct command extract_command;
extern const struct command start_command;
extern const struct command stop_command;
extern const struct command mode_command;
extern const struct command policy_command;
extern const struct command lock_command;
extern const struct command admit_command;
extern const struct command catalog_command;
extern const struct command revoke_command;
extern const struct command status_command;
extern const struct command log_command;
extern const struct command doctor_command;
extern const struct command check_command;
extern const struct command learn_command;
extern const struct command fanotify_command;
extern const struct command fleet_command;

/* The exit code that stands for a verdict. */
int verdict_exit_code(enum digsig_verdict verdict);

#endif
