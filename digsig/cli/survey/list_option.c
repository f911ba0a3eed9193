// SPDX-License-Identifier: GPL-2.0-or-later
#include "list_option.h"
#include <stdio.h>
#include "../../../lib/text/text.h"
#include "../cli.h"

static const struct option_word list_words[] = {
	{ "sign", LIST_SIGN },
	{ "catalog", LIST_CATALOG },
	{ 0 },
};

static int take(struct list_option *list, const char *name, const char *which, bool zero)
{
	list->zero = zero;
	if (option_word_take(list_words, name, which ? which : "sign", &list->which))
		return EXIT_OK;
	return EXIT_USAGE;
}

static int take_list(void *list, char *which)
{
	return take(list, "--list", which, false);
}

static int take_list0(void *list, char *which)
{
	return take(list, "--list0", which, true);
}

const struct command_option list_option_table[] = {
	{ OPTION_CALL, 0, "list", "WHICH",
		"instead, print the files to sign, a line each; =catalog: those that can only be trusted "
		"through a catalog",
		.is_optional = true, .words = list_words, .take = take_list },
	{ OPTION_CALL, 0, "list0", "WHICH", "the same for xargs -0", .is_optional = true,
		.words = list_words, .take = take_list0 },
	{ 0 },
};

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
