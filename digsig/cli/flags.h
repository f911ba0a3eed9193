/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a small subcommand: switches, none of which takes a value, and --help. */
#ifndef DIGSIG_CLI_FLAGS_H
#define DIGSIG_CLI_FLAGS_H

#include <stdbool.h>

struct flag {
	const char *name; /* without the dashes; NULL ends the list */
	char letter; /* 0: there is none */
	bool *is_set;
};

enum { FLAGS_MAX = 8, FLAGS_ANY = -1 };

/*
 * Sets the flags that are given. True: go on, optind is where the arguments begin. False: *code is the
 * exit code; --help was printed, or it has complained of an unknown option, or of more than most
 * arguments (FLAGS_ANY: there may be any number). argv[0] is the subcommand's name.
 */
bool flags_take(int argc, char **argv, const char *help, const struct flag *flags, int most,
	int *code);

#endif
