// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"
#include <string.h>
#include "../text/nearest.h"
#include "complain.h"
#include "completion.h"

int subcommand_unknown(const struct command *command, const char *word)
{
	struct nearest nearest = { .word = word };

	for (size_t i = 0; command->subcommands[i]; i++)
		nearest_try(&nearest, command->subcommands[i]->name);
	if (!nearest.name && command->takes_command)
		return usage_error("%s: no such subcommand; a command to run stands behind --", word);
	return usage_unknown(word, "no such subcommand", "", nearest.name);
}

/* A command that only has subcommands: it was called without one, or with options of its own. */
static int run_alone(const struct command *command, int argc, char **argv)
{
	char none = 0;
	int code;

	if (argc < 2) {
		command_print_help(stderr, command);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "help")) {
		command_print_help(stdout, command);
		return 0;
	}
	if (*argv[1] != '-')
		return subcommand_unknown(command, argv[1]);
	if (!options_take(command, &argc, &argv, &none, &code))
		return code;
	return usage_error("the subcommand is missing");
}

static int run(const struct command *command, int argc, char **argv)
{
	for (size_t i = 0; command->subcommands && argc > 1 && command->subcommands[i]; i++) {
		if (strcmp(argv[1], command->subcommands[i]->name))
			continue;
		usage_enter(argv[1]);
		return run(command->subcommands[i], argc - 1, argv + 1);
	}
	return command->run ? command->run(command, argc, argv) : run_alone(command, argc, argv);
}

int command_main(const struct command *tool, int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--completion")) {
		if (completion_print(stdout, tool, argv[2]))
			return 0;
		return usage_error("--completion %s: it is bash, zsh or fish", argv[2]);
	}
	return run(tool, argc, argv);
}
