// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For bash: four functions that are tables, by the path of the subcommand, and one that uses them. A word
 * of the command line is completed by what the first of these says that knows it.
 */
#include <string.h>
#include "complain.h"
#include "completion.h"

/* A function's name: "_kernkit_digsig" and what follows. */
static void print_function(FILE *out, const char *what)
{
	fputs("_kernkit_", out);
	completion_print_name(out, command_name);
	fputs(what, out);
}

/* The call that completes one word. */
static void print_offer(
	FILE *out, const struct option_word *words, bool has_commas, const char *offer)
{
	if (words) {
		print_function(out, has_commas ? "_list" : "_words");
		completion_print_words(out, words);
	} else if (!offer) {
		fputs(":", out);
	} else if (!strcmp(offer, OFFER_USERS)) {
		fputs("COMPREPLY=($(compgen -u -- \"$word\"))", out);
	} else if (!strcmp(offer, OFFER_PROCESSES)) {
		print_function(out, "_words \"$(cd /proc && echo [0-9]*)\"");
	} else {
		print_function(out, "_files");
		fprintf(out, " '%s'", offer);
	}
}

static void print_subcommands(FILE *out, const struct command *command, const char *path)
{
	if (!command->subcommands)
		return;
	fprintf(out, "\t'%s') echo", path);
	for (size_t i = 0; command->subcommands[i]; i++)
		fprintf(out, " %s", command->subcommands[i]->name);
	fputs(" ;;\n", out);
}

static void print_options(FILE *out, const struct command *command, const char *path)
{
	struct option_rows rows;

	options_flatten(command->options, &rows);
	fprintf(out, "\t'%s') echo", path);
	for (size_t i = 0; i < rows.count; i++)
		fprintf(out, " --%s", rows.rows[i].option->name);
	fputs(" ;;\n", out);
}

/* "=" stands behind an option whose value is in the same word; one that may be missing is nowhere else. */
static void print_values(FILE *out, const struct command *command, const char *path)
{
	struct option_rows rows;

	options_flatten(command->options, &rows);
	for (size_t i = 0; i < rows.count; i++) {
		const struct command_option *option = rows.rows[i].option;

		if (!option->argument)
			continue;
		fprintf(out, "\t'%s:--%s='", path, option->name);
		if (!option->is_optional)
			fprintf(out, " | '%s:--%s'", path, option->name);
		if (!option->is_optional && option->letter)
			fprintf(out, " | '%s:-%c'", path, option->letter);
		fputs(") ", out);
		print_offer(out, option->words, option->has_commas, option->offer);
		fputs(" ;;\n", out);
	}
}

static void print_arguments(FILE *out, const struct command *command, const char *path)
{
	if (command->takes_command)
		fprintf(out, "\t'%s:--') COMPREPLY=($(compgen -c -- \"$word\")) ;;\n", path);
	if (command->runs_command)
		fprintf(out, "\t'%s:0' | '%s:--') COMPREPLY=($(compgen -c -- \"$word\")) ;;\n", path, path);
	if (command->words && command->offer) {
		fprintf(out, "\t'%s:0') ", path);
		print_offer(out, command->words, false, NULL);
		fputs(" ;;\n", out);
	}
	if (command->words || command->offer) {
		fprintf(out, "\t'%s:'*) ", path);
		print_offer(out, command->offer ? NULL : command->words, false, command->offer);
		fputs(" ;;\n", out);
	}
}

static void print_table(FILE *out, const struct command *tool, const char *what, const char *of,
	completion_visit *visit, const char *otherwise)
{
	fprintf(out, "\n# %s\n", of);
	print_function(out, what);
	fputs("() {\n\tcase $1 in\n", out);
	completion_visit_all(out, tool, visit);
	fprintf(out, "%s\tesac\n}\n", otherwise);
}

/* @ stands for the beginning of a function's name. */
static void print_code(FILE *out, const char *code)
{
	for (; *code; code++) {
		if (*code == '@')
			print_function(out, "");
		else
			fputc(*code, out);
	}
}

static const char helpers[] =
	"\n"
	"@_words() {\n"
	"	COMPREPLY=($(compgen -W \"$*\" -- \"$word\"))\n"
	"}\n"
	"\n"
	"# The last of several words with commas between them.\n"
	"@_list() {\n"
	"	local before=\n"
	"\n"
	"	[[ $word != *,* ]] || before=${word%,*},\n"
	"	COMPREPLY=($(compgen -P \"$before\" -W \"$*\" -- \"${word##*,}\"))\n"
	"}\n"
	"\n"
	"# Files with names like $1, and folders.\n"
	"@_files() {\n"
	"	compopt -o filenames 2>/dev/null\n"
	"	case $1 in\n"
	"	'*') COMPREPLY=($(IFS=$'\\n' && compgen -f -- \"$word\")) ;;\n"
	"	'*/') COMPREPLY=($(IFS=$'\\n' && compgen -d -- \"$word\")) ;;\n"
	"	*) COMPREPLY=($(IFS=$'\\n' && compgen -f -X \"!$1\" -- \"$word\"\n"
	"		compgen -d -- \"$word\")) ;;\n"
	"	esac\n"
	"}\n";

static const char function[] =
	"\n"
	"@() {\n"
	"	local IFS=$' \\t\\n' word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"	local path='' equals='' subcommands count=0 i=1\n"
	"\n"
	"	COMPREPLY=()\n"
	"	# \"=\" is a word of its own to bash.\n"
	"	if [[ $word == \"=\" ]]; then\n"
	"		word='' equals='='\n"
	"	elif [[ $previous == \"=\" ]]; then\n"
	"		previous=${COMP_WORDS[COMP_CWORD - 2]} equals='='\n"
	"	fi\n"
	"	subcommands=$(@_subcommands \"\")\n"
	"	while [[ $i -lt $COMP_CWORD && \" $subcommands \" == *\" ${COMP_WORDS[i]} \"* ]]; do\n"
	"		path+=${path:+ }${COMP_WORDS[i]}\n"
	"		subcommands=$(@_subcommands \"$path\")\n"
	"		i=$((i + 1))\n"
	"	done\n"
	"	if @_value \"$path:$previous$equals\"; then\n"
	"		return\n"
	"	elif [[ $word == -* ]]; then\n"
	"		@_words \"$(@_options \"$path\")\"\n"
	"	elif [[ $previous == -- ]]; then\n"
	"		@_argument \"$path:--\"\n"
	"	elif [[ $i -eq $COMP_CWORD && -n $subcommands ]]; then\n"
	"		@_words \"$subcommands\"\n"
	"	else\n"
	"		for (( ; i < COMP_CWORD; i++)); do\n"
	"			[[ ${COMP_WORDS[i]} == -* ]] || count=$((count + 1))\n"
	"		done\n"
	"		@_argument \"$path:$count\"\n"
	"	fi\n"
	"}\n"
	"\n";

void completion_print_bash(FILE *out, const struct command *tool)
{
	fprintf(out,
		"# SPDX-License-Identifier: GPL-2.0-or-later\n"
		"# shellcheck shell=bash disable=SC2207\n"
		"# Bash completion of %s(1), made by %s --completion bash.\n",
		command_name, command_name);
	print_code(out, helpers);
	print_table(out, tool, "_subcommands", "Of a command.", print_subcommands, "");
	print_table(out, tool, "_options", "Of a command.", print_options, "");
	print_table(out, tool, "_value", "Completes the value of COMMAND:OPTION; false: it has none.",
		print_values, "\t*) return 1 ;;\n");
	print_table(out, tool, "_argument",
		"Completes an argument of COMMAND:NUMBER, the number of those before it.",
		print_arguments, "\t*) ;;\n");
	print_code(out, function);
	fputs("complete -F ", out);
	print_function(out, "");
	fprintf(out, " %s\n", command_name);
}
