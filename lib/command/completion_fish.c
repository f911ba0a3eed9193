// SPDX-License-Identifier: GPL-2.0-or-later
/* For fish: a line for each option of each command, with the condition that this command is typed. */
#include <string.h>
#include "complain.h"
#include "completion.h"

static void print_function(FILE *out, const char *what)
{
	fputs("__kernkit_", out);
	completion_print_name(out, command_name);
	fputs(what, out);
}

/* "complete", the command, and when it is so: the words that were typed begin with path, or are path. */
static void print_beginning(FILE *out, const char *when, const char *path)
{
	fprintf(out, "complete -c %s -n '", command_name);
	print_function(out, when);
	fprintf(out, "%s%s'", *path ? " " : "", path);
}

static void print_text(FILE *out, const char *text)
{
	fputs(" -d '", out);
	completion_print_escaped(out, text, "'\\", "\\");
	fputc('\'', out);
}

/* What completes one word. */
static void print_offer(
	FILE *out, const struct option_word *words, bool has_commas, const char *offer)
{
	if (words) {
		fputs(has_commas ? " -f -a '(__fish_append ," : " -f -a '", out);
		completion_print_words(out, words);
		fputs(has_commas ? ")'" : "'", out);
	} else if (!offer) {
		fputs(" -f", out);
	} else if (!strcmp(offer, OFFER_USERS)) {
		fputs(" -f -a '(__fish_complete_users)'", out);
	} else if (!strcmp(offer, OFFER_PROCESSES)) {
		fputs(" -f -a '(__fish_complete_pids)'", out);
	} else if (!strcmp(offer, OFFER_FOLDERS)) {
		fputs(" -f -a '(__fish_complete_directories)'", out);
	} else if (!strcmp(offer, OFFER_FILES)) {
		fputs(" -F", out);
	} else {
		fprintf(out, " -k -f -a '(__fish_complete_suffix %s)'", offer + strlen("*"));
	}
}

static void print_options(FILE *out, const struct command *command, const char *path)
{
	struct option_rows rows;

	options_flatten(command->options, &rows);
	for (size_t i = 0; i < rows.count; i++) {
		const struct command_option *option = rows.rows[i].option;

		print_beginning(out, "_begins", path);
		if (option->letter)
			fprintf(out, " -s %c", option->letter);
		fprintf(out, " -l %s", option->name);
		if (option->argument) {
			fputs(option->is_optional ? "" : " -r", out);
			print_offer(out, option->words, option->has_commas, option->offer);
		}
		print_text(out, option->help);
		fputc('\n', out);
	}
}

static void print_command(FILE *out, const struct command *command, const char *path)
{
	fputc('\n', out);
	for (size_t i = 0; command->subcommands && command->subcommands[i]; i++) {
		print_beginning(out, "_is", path);
		fprintf(out, " -a %s", command->subcommands[i]->name);
		print_text(out, command->subcommands[i]->summary);
		fputc('\n', out);
	}
	print_options(out, command, path);
	if (command->runs_command) {
		print_beginning(out, "_begins", path);
		fputs(" -f -a '(__fish_complete_subcommand --fcs-skip=2)'\n", out);
	}
	if (command->words) {
		print_beginning(out, command->offer ? "_is" : "_begins", path);
		print_offer(out, command->words, false, NULL);
		fputc('\n', out);
	}
	if (command->offer) {
		print_beginning(out, "_begins", path);
		print_offer(out, NULL, false, command->offer);
		fputc('\n', out);
	}
}

/* The names of the tool's subcommands: none of them is typed where its own options are meant. */
static void print_conditions(FILE *out, const struct command *tool)
{
	fputs("\n# Whether the subcommand that is typed is this one, with nothing behind it.\nfunction ", out);
	print_function(out, "_is");
	fputs("\n    set -l words (commandline -opc)\n    set -e words[1]\n"
	      "    test \"$words\" = \"$argv\"\nend\n",
		out);
	fputs("\n# Whether it is this one; without a name: none.\nfunction ", out);
	print_function(out, "_begins");
	fputs("\n    set -l words (commandline -opc)\n    set -e words[1]\n"
	      "    if test (count $argv) -eq 0\n        not contains -- \"$words[1]\"",
		out);
	for (size_t i = 0; tool->subcommands && tool->subcommands[i]; i++)
		fprintf(out, " %s", tool->subcommands[i]->name);
	fputs("\n    else\n        set -l length (count $argv)\n"
	      "        test (count $words) -ge $length\n"
	      "        and test \"$words[1..$length]\" = \"$argv\"\n    end\nend\n\n",
		out);
}

void completion_print_fish(FILE *out, const struct command *tool)
{
	fprintf(out,
		"# SPDX-License-Identifier: GPL-2.0-or-later\n"
		"# Fish completion of %s(1), made by %s --completion fish.\n",
		command_name, command_name);
	print_conditions(out, tool);
	fprintf(out, "complete -c %s -f\n", command_name);
	completion_visit_all(out, tool, print_command);
}
