/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share: the exit codes, and the words for the size of code. */
#ifndef PREFETCH_CLI_H
#define PREFETCH_CLI_H

#include "../../lib/command/command.h"
#include "../../lib/command/complain.h"

/* Exit codes: stable, documented in prefetch(1). Those of run are the command's own. */
enum {
	EXIT_OK = 0,
	EXIT_NO = 1, /* the answer is no: see each subcommand */
	/* EXIT_USAGE = 2, of lib/command/complain.h */
	EXIT_ERROR = 3, /* could not be done, or not all of it */
};

/* The subcommands: one a file, cmd_NAME.c. */
extern const struct command decode_command, test_command, run_command, explain_command, scan_command;

/* "16", "32", "64" */
extern const struct option_word mode_words[];

/* An instruction's operand as assemblers of AT&T's kind write it: "%fs:0x10(%rax,%rcx,4)". */
struct prefetch;
void print_operand(char *text, size_t size, const struct prefetch *prefetch);

#endif
