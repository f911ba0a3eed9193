// SPDX-License-Identifier: GPL-2.0-or-later
#include "completion.h"
#include <ctype.h>
#include <string.h>

bool completion_print(FILE *out, const struct command *tool, const char *shell)
{
	static const struct {
		const char *name;
		void (*print)(FILE *out, const struct command *tool);
	} shells[] = {
		{ "bash", completion_print_bash },
		{ "zsh", completion_print_zsh },
		{ "fish", completion_print_fish },
	};

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(shell, shells[i].name))
			continue;
		shells[i].print(out, tool);
		return true;
	}
	return false;
}

static void visit_all(
	FILE *out, const struct command *command, const char *path, completion_visit *visit)
{
	visit(out, command, path);
	for (size_t i = 0; command->subcommands && command->subcommands[i]; i++) {
		const struct command *inner = command->subcommands[i];
		char inner_path[64];

		snprintf(inner_path, sizeof(inner_path), "%s%s%s", path, *path ? " " : "", inner->name);
		visit_all(out, inner, inner_path, visit);
	}
}

void completion_visit_all(FILE *out, const struct command *tool, completion_visit *visit)
{
	visit_all(out, tool, "", visit);
}

void completion_print_escaped(FILE *out, const char *text, const char *special, const char *escape)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			fputs(escape, out);
		fputc(*text, out);
	}
}

void completion_print_name(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(isalnum((unsigned char)*text) ? *text : '_', out);
}

void completion_print_words(FILE *out, const struct option_word *words)
{
	for (; words->name; words++)
		fprintf(out, " %s", words->name);
}
