/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options --list[=WHICH] and --list0[=WHICH]: the files to be trusted, by how that can be done. */
#ifndef DIGSIG_CLI_LIST_OPTION_H
#define DIGSIG_CLI_LIST_OPTION_H

#include <stdbool.h>
#include "../../../lib/command/options.h"

enum list_which { LIST_NOTHING, LIST_SIGN, LIST_CATALOG };

/* All zero: no list is wanted. */
struct list_option {
	unsigned int which; /* enum list_which */
	bool zero; /* a NUL behind each file, for xargs -0 */
};

/* Both options, for a group of options: a struct list_option. */
extern const struct command_option list_option_table[];

/* Prints the path of an unsigned file if the list is one of those that can, or cannot, be signed. */
void list_option_print(const struct list_option *list, const char *path, bool can_carry);

#endif
