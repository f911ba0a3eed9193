// SPDX-License-Identifier: GPL-2.0-or-later
/* For zsh: a function for each command, which hands its options to _arguments. */
#include <string.h>
#include "complain.h"
#include "completion.h"

static void print_function(FILE *out, const char *path)
{
	fputs("_kernkit_", out);
	completion_print_name(out, command_name);
	if (*path)
		fputc('_', out);
	completion_print_name(out, path);
}

/* Between single quotes, in a text that _arguments reads. */
static void print_text(FILE *out, const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\'", out);
		else if (strchr(special, *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

/* What completes one word. */
static void print_offer(FILE *out, const char *name, const struct option_word *words,
	bool has_commas, const char *offer)
{
	if (words && has_commas) {
		fprintf(out, "_values -s , %s", name);
		completion_print_words(out, words);
	} else if (words) {
		fputc('(', out);
		completion_print_words(out, words);
		fputs(" )", out);
	} else if (!offer) {
		fputc(' ', out);
	} else if (!strcmp(offer, OFFER_USERS)) {
		fputs("_users", out);
	} else if (!strcmp(offer, OFFER_PROCESSES)) {
		fputs("_pids", out);
	} else if (!strcmp(offer, OFFER_FOLDERS)) {
		fputs("_files -/", out);
	} else if (!strcmp(offer, OFFER_FILES)) {
		fputs("_files", out);
	} else {
		fprintf(out, "_files -g \"%s\"", offer);
	}
}

static void print_option(FILE *out, const struct command_option *option)
{
	const char *long_end = !option->argument ? "" : option->is_optional ? "=-" : "=";
	bool repeats = option->kind == OPTION_LIST || option->kind == OPTION_CALL;

	fputs("\t\t'", out);
	if (repeats)
		fputc('*', out);
	if (option->letter && !repeats)
		fprintf(out, "(-%c --%s)", option->letter, option->name);
	if (option->letter)
		fprintf(out, "'{-%c%s,--%s%s}'", option->letter,
			!option->argument ? "" : option->is_optional ? "-" : "+", option->name, long_end);
	else
		fprintf(out, "--%s%s", option->name, long_end);
	fputc('[', out);
	print_text(out, option->help, "[]\\");
	fputc(']', out);
	if (option->argument) {
		fputs(option->is_optional ? "::" : ":", out);
		print_text(out, option->argument, ":\\");
		fputc(':', out);
		print_offer(out, option->argument, option->words, option->has_commas, option->offer);
	}
	fputs("' \\\n", out);
}

static void print_arguments(FILE *out, const struct command *command)
{
	if (command->subcommands) {
		fputs("\t\t'1: :->subcommand' '*:: :->arguments' && result=0\n", out);
		return;
	}
	if (command->words && command->offer) {
		fputs("\t\t'1:argument:", out);
		print_offer(out, "", command->words, false, NULL);
		fputs("' \\\n", out);
	}
	if (command->runs_command) {
		fputs("\t\t'*::command:_normal'\n", out);
	} else if (command->takes_command) {
		fputs("\t\t'1:file:_files' '*::command:_normal'\n", out);
	} else if (command->words || command->offer) {
		fputs("\t\t'*:argument:", out);
		print_offer(out, "", command->offer ? NULL : command->words, false, command->offer);
		fputs("'\n", out);
	} else {
		fputs("\t\t&& return\n", out);
	}
}

/* What _arguments left to be done: the subcommands of a command, or one of them. */
static void print_states(FILE *out, const struct command *command, const char *path)
{
	fputs("\tcase $state in\n\tsubcommand)\n\t\tsubcommands=(\n", out);
	for (size_t i = 0; command->subcommands[i]; i++) {
		fprintf(out, "\t\t\t'%s:", command->subcommands[i]->name);
		print_text(out, command->subcommands[i]->summary, "\\");
		fputs("'\n", out);
	}
	fputs("\t\t)\n\t\t_describe subcommand subcommands && result=0\n\t\t;;\n"
	      "\targuments)\n\t\tcase $words[1] in\n",
		out);
	for (size_t i = 0; command->subcommands[i]; i++) {
		const char *name = command->subcommands[i]->name;

		fprintf(out, "\t\t%s) ", name);
		print_function(out, path);
		fputc('_', out);
		completion_print_name(out, name);
		fputs(" && result=0 ;;\n", out);
	}
	fputs("\t\tesac\n\t\t;;\n\tesac\n\treturn result\n", out);
}

static void print_command(FILE *out, const struct command *command, const char *path)
{
	struct option_rows rows;

	options_flatten(command->options, &rows);
	fputc('\n', out);
	print_function(out, path);
	fputs("() {\n", out);
	if (command->subcommands)
		fputs("\tlocal curcontext=$curcontext state line result=1\n\tlocal -a subcommands\n\n",
			out);
	fprintf(out, "\t_arguments -s -S%s \\\n", command->subcommands ? " -C" : "");
	for (size_t i = 0; i < rows.count; i++)
		print_option(out, rows.rows[i].option);
	print_arguments(out, command);
	if (command->subcommands)
		print_states(out, command, path);
	fputs("}\n", out);
}

void completion_print_zsh(FILE *out, const struct command *tool)
{
	fprintf(out,
		"#compdef %s\n"
		"# SPDX-License-Identifier: GPL-2.0-or-later\n"
		"# Zsh completion of %s(1), made by %s --completion zsh.\n",
		command_name, command_name, command_name);
	completion_visit_all(out, tool, print_command);
	fputc('\n', out);
	print_function(out, "");
	fputs(" \"$@\"\n", out);
}
