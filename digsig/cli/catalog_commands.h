/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of digsig catalog: each is called with its own name as argv[0]. */
#ifndef DIGSIG_CLI_CATALOG_COMMANDS_H
#define DIGSIG_CLI_CATALOG_COMMANDS_H

int catalog_create_command(int argc, char **argv);
int catalog_show_command(int argc, char **argv);
int catalog_diff_command(int argc, char **argv);

/* Prints the help of digsig catalog, and returns EXIT_OK. */
int catalog_help(void);

#endif
