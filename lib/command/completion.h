/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The completion of a command for a shell, from its tables. */
#ifndef KERNKIT_COMMAND_COMPLETION_H
#define KERNKIT_COMMAND_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>
#include "command.h"

/* shell: "bash", "zsh" or "fish"; false: another one. */
bool completion_print(FILE *out, const struct command *tool, const char *shell);

/* Each prints a whole script, to be loaded by its shell. */
void completion_print_bash(FILE *out, const struct command *tool);
void completion_print_zsh(FILE *out, const struct command *tool);
void completion_print_fish(FILE *out, const struct command *tool);

/*
 * Calls visit for the tool, with the path "", and for each subcommand, with the names that lead to it:
 * "catalog create".
 */
typedef void completion_visit(FILE *out, const struct command *command, const char *path);
void completion_visit_all(FILE *out, const struct command *tool, completion_visit *visit);

/* Prints the text with each of its characters that is one of special behind the string escape. */
void completion_print_escaped(FILE *out, const char *text, const char *special, const char *escape);

/* The text as it may stand in the name of a shell function: "catalog_create". */
void completion_print_name(FILE *out, const char *text);

/* Their names, with a space before each. */
void completion_print_words(FILE *out, const struct option_word *words);

#endif
