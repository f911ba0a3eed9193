/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of digsig catalog: each is called with its own name as argv[0]. */
#ifndef DIGSIG_CLI_CATALOG_COMMANDS_H
#define DIGSIG_CLI_CATALOG_COMMANDS_H

#include <stdbool.h>
#include "../trust/store.h"

struct json_object;

int catalog_create_command(int argc, char **argv);
int catalog_sign_command(int argc, char **argv); /* in catalog_create.c */
int catalog_show_command(int argc, char **argv);
int catalog_unload_command(int argc, char **argv);
int catalog_diff_command(int argc, char **argv);

/*
 * Explains one catalog, as text or, with an array, in it; store NULL: whose signature it is was not
 * asked. Complains itself; returns an exit code.
 */
int catalog_show_one(const char *path, const struct trust_store *store, struct json_object *array,
	bool with_names);

/* Prints the help of digsig catalog, and returns EXIT_OK. */
int catalog_help(void);

#endif
