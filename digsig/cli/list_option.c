// SPDX-License-Identifier: GPL-2.0-or-later
#include "list_option.h"
#include <stdio.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "cli.h"

int list_option_set(
	struct list_option *list, const char *command, const char *which, bool zero)
{
	list->zero = zero;
	if (!which || !strcmp(which, "sign"))
		list->which = LIST_SIGN;
	else if (!strcmp(which, "catalog"))
		list->which = LIST_CATALOG;
	else
		return usage_error(command, "%s: sign or catalog", which);
	return EXIT_OK;
}

void list_option_print(const struct list_option *list, const char *path, bool can_carry)
{
	if (can_carry != (list->which == LIST_SIGN))
		return;
	/* A line is for people to read; only a NUL cannot be part of a name. */
	if (list->zero)
		fputs(path, stdout);
	else
		print_safely(stdout, path);
	putchar(list->zero ? '\0' : '\n');
}
