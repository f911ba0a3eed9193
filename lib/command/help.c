// SPDX-License-Identifier: GPL-2.0-or-later
/* What --help and --version print. */
#include <string.h>
#include "../text/wrap.h"
#include "command.h"
#include "complain.h"
#include "config.h"

enum {
	WIDTH = 80,
	LABEL_MAX = 26, /* the text of an option with a longer label begins in the next line */
};

/* "-o, --output FILE"; returns its length. */
static int print_label(char *label, size_t size, const struct command_option *option)
{
	const char *argument = option->argument ? option->argument : "";
	int length = snprintf(label, size, option->letter ? "-%c, " : "    ", option->letter);

	return length + snprintf(label + length, size - (size_t)length,
				option->is_optional  ? "--%s[=%s]" :
					*argument ? "--%s %s" :
						    "--%s%s",
				option->name, argument);
}

static int longest_label(const struct option_rows *rows)
{
	int longest = 0;

	for (size_t i = 0; i < rows->count; i++) {
		char label[80];
		int length = print_label(label, sizeof(label), rows->rows[i].option);

		if (length > longest && length <= LABEL_MAX)
			longest = length;
	}
	return longest;
}

static void print_option(FILE *out, const struct command_option *option, int indent, int width)
{
	int column = indent + width + 2;
	char label[80];
	bool is_long = print_label(label, sizeof(label), option) > width;

	if (is_long)
		fprintf(out, "%*s%s\n%*s", indent, "", label, column, "");
	else
		fprintf(out, "%*s%-*s", indent, "", width + 2, label);
	print_wrapped(out, option->help, column, WIDTH);
}

/* Returns whether lines stand above the last options. */
static bool print_table(FILE *out, const struct command_option *table, int indent, int width)
{
	const struct command_option *first = table;
	bool is_titled = false;

	for (; table && table->kind; table++) {
		if (table->kind != OPTION_GROUP) {
			print_option(out, table, indent, width);
			continue;
		}
		if (table->help)
			fprintf(out, "%s%s\n", table == first ? "" : "\n", table->help);
		is_titled = print_table(out, table->group, indent, width) || table->help;
	}
	return is_titled;
}

void options_print(FILE *out, const struct command_option *table, int indent)
{
	struct option_rows rows;
	int width;

	options_flatten(table, &rows);
	width = longest_label(&rows);
	if (print_table(out, table, indent, width))
		fputc('\n', out);
	/* --help and --version, which every command has and no table. */
	for (size_t i = rows.count - 2; i < rows.count; i++)
		print_option(out, rows.rows[i].option, indent, width);
}

/* "usage: digsig sign --key KEY ...", a line for each form. */
static void print_usage(FILE *out, const char *forms)
{
	const char *before = "usage:";

	for (const char *end; forms; forms = *end ? end + 1 : NULL) {
		end = strchrnul(forms, '\n');
		fprintf(out, "%s %s%s%.*s\n", before, usage_name(), *forms == '\n' || !*forms ? "" : " ",
			(int)(end - forms), forms);
		before = "      ";
	}
}

static void print_subcommands(FILE *out, const struct command *const *subcommands)
{
	int width = 0;

	for (size_t i = 0; subcommands[i]; i++)
		if ((int)strlen(subcommands[i]->name) > width)
			width = (int)strlen(subcommands[i]->name);
	fputc('\n', out);
	for (size_t i = 0; subcommands[i]; i++)
		fprintf(out, "  %-*s  %s\n", width, subcommands[i]->name, subcommands[i]->summary);
}

void command_print_help(FILE *out, const struct command *command)
{
	if (command->print_help) {
		command->print_help(out, command);
		return;
	}
	print_usage(out, command->usage);
	fputs(command->about, out);
	if (command->subcommands)
		print_subcommands(out, command->subcommands);
	fputc('\n', out);
	options_print(out, command->options, 2);
	if (command->notes)
		fprintf(out, "\n%s", command->notes);
}

void command_print_version(FILE *out)
{
	fprintf(out, "%s (Kernkit) %s\n", command_name, KERNKIT_VERSION);
}
