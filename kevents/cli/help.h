/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KEVENTS_CLI_HELP_H
#define KEVENTS_CLI_HELP_H

/* On stdout; of a subcommand, or with NULL of the command. */
void print_help(const char *subcommand);

#endif
