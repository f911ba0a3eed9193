/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command is a structure: its name, how it is called, its options, its subcommands, the function that
 * does it. A subcommand is a command too. Parsing, --help, the completions of shells and the words of
 * errors are made of that structure alone: docs/contributing.md adds one.
 */
#ifndef KERNKIT_COMMAND_COMMAND_H
#define KERNKIT_COMMAND_COMMAND_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include "options.h"

struct command {
	const char *name; /* of the tool itself: command_name */
	const char *summary; /* one line, for the list of subcommands */
	const char *usage; /* what stands behind the name; a line for each form */
	const char *about; /* what it does: whole lines */
	const struct command_option *options; /* besides --help and --version; NULL: none */
	const char *notes; /* whole lines behind the options; NULL: none */
	const struct command *const *subcommands; /* NULL at the end; NULL: there are none */

	/*
	 * Does it, and returns an exit code: with options_take first. argv[0] is the name. NULL: one of
	 * the subcommands has to be named.
	 */
	int (*run)(const struct command *command, int argc, char **argv);

	/* What stands behind the options. The help and the completions do not check it. */
	const char *arguments; /* names of those that must be there: "FILE SIGNATURE" */
	int most; /* how many may be there; ARGUMENTS_ANY */
	const struct option_word *words; /* what the first may be; without offer: each */
	const char *offer; /* what completion offers for the others: OFFER_FILES and the like */
	bool takes_command; /* a command line of another program may stand behind "--" */
	bool runs_command; /* the first argument ends the options, and begins such a command line */

	void (*print_help)(FILE *out, const struct command *command); /* NULL: as it is for all */
};

#define ARGUMENTS_ANY INT_MAX

/*
 * Runs the tool: the subcommand that argv[1] names, or the tool itself. Returns an exit code; that of
 * usage_error if there is no such subcommand. --completion SHELL, alone, prints the completion for bash,
 * zsh or fish.
 */
int command_main(const struct command *tool, int argc, char **argv);

/*
 * Parses what the user gave to a command. settings is the structure that the options' fields are of; it
 * has the defaults. True: go on; argc and argv are now what stands behind the options, all of it. False:
 * *code is the exit code; --help or --version was printed, or there was a usage error. Lists are the
 * caller's to free in both cases.
 */
bool options_take(const struct command *command, int *argc, char ***argv, void *settings, int *code);

/* Says that the command has no subcommand of that name, and which may be meant. Returns EXIT_USAGE. */
int subcommand_unknown(const struct command *command, const char *word);

/* As --help prints it. */
void command_print_help(FILE *out, const struct command *command);

/* "TOOL (Kernkit) VERSION": the line of --version. */
void command_print_version(FILE *out);

#endif
