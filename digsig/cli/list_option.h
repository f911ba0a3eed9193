/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options --list[=WHICH] and --list0[=WHICH]: the files to be trusted, by how that can be done. */
#ifndef DIGSIG_CLI_LIST_OPTION_H
#define DIGSIG_CLI_LIST_OPTION_H

#include <stdbool.h>

/* All zero: no list is wanted. */
struct list_option {
	enum { LIST_NOTHING, LIST_SIGN, LIST_CATALOG } which;
	bool zero; /* a NUL behind each file, for xargs -0 */
};

/* which: the option's value, or NULL. Complains itself; returns an exit code. */
int list_option_set(
	struct list_option *list, const char *command, const char *which, bool zero);

/* Prints the path of an unsigned file if the list is one of those that can, or cannot, be signed. */
void list_option_print(const struct list_option *list, const char *path, bool can_carry);

#endif
