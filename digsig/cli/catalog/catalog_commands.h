/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The subcommands of digsig catalog that have a file of their own. */
#ifndef DIGSIG_CLI_CATALOG_COMMANDS_H
#define DIGSIG_CLI_CATALOG_COMMANDS_H

#include <stdbool.h>
#include "../../../lib/command/command.h"
#include "../../trust/store.h"

struct json_object;

extern const struct command catalog_create_command;
extern const struct command catalog_sign_command; /* in catalog_create.c */
extern const struct command catalog_show_command;
extern const struct command catalog_unload_command;
extern const struct command catalog_diff_command;

/*
 * Explains one catalog, as text or, with an array, in it; store NULL: whose signature it is was not
 * asked. Complains itself; returns an exit code.
 */
int catalog_show_one(const char *path, const struct trust_store *store, struct json_object *array,
	bool with_names);

#endif
