/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share: the table, the exit codes. */
#ifndef DIGSIG_CLI_H
#define DIGSIG_CLI_H

#include "../../lib/command/colour.h"
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

struct subcommand {
	const char *name;
	const char *synopsis; /* what stands behind the name */
	const char *summary; /* one line for the overview */
	int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name */
};

/* Defined one a file, cmd_NAME.c; each prints its own --help. */
int cmd_key(int argc, char **argv);
int cmd_sign(int argc, char **argv);
int cmd_prepare(int argc, char **argv);
int cmd_attach(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_strip(int argc, char **argv);
int cmd_extract(int argc, char **argv);
int cmd_start(int argc, char **argv);
int cmd_stop(int argc, char **argv);
int cmd_mode(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_revoke(int argc, char **argv);
int cmd_lock(int argc, char **argv);
int cmd_admit(int argc, char **argv);
int cmd_catalog(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_log(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_learn(int argc, char **argv);
int cmd_fanotify(int argc, char **argv);

/* The exit code that stands for a verdict. */
int verdict_exit_code(enum digsig_verdict verdict);

#endif
