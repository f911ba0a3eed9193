// SPDX-License-Identifier: GPL-2.0-or-later
/* kevents: what the kernel does, as a stream, as rates, as a tree, into a file. */
#include <locale.h>
#include "../../lib/command/output.h"
#include "../../lib/command/start.h"
#include "cli.h"

const char command_name[] = "kevents";

#define COMMAND_NOTES                                                                              \
	"COMMAND is run, and watched with what it forks; kevents ends when it ends, with its exit\n" \
	"status, or 128 and its signal.\n"

static const struct view *choose_view(const struct settings *settings)
{
	if (settings->rates)
		return &rates_view;
	if (settings->tree)
		return &tree_view;
	return settings->json ? &json_view : &table_view;
}

static int run_watch(const struct command *command, int argc, char **argv)
{
	struct settings settings;
	int code;

	if (settings_take(command, argc, argv, &settings, NULL, &code))
		code = run_live(&settings, choose_view(&settings));
	free_settings(&settings);
	return code;
}

static int run_record(const struct command *command, int argc, char **argv)
{
	struct settings settings;
	int code;

	if (settings_take(command, argc, argv, &settings, &settings.output, &code))
		code = run_live(&settings, &record_view);
	free_settings(&settings);
	return code;
}

static int run_recorded(const struct command *command, int argc, char **argv)
{
	struct settings settings;
	int code;

	if (settings_take(command, argc, argv, &settings, &settings.input, &code))
		code = run_replay(&settings, choose_view(&settings));
	free_settings(&settings);
	return code;
}

static const struct command record_command = {
	.name = "record",
	.summary = "write what happens to a file",
	.usage = "[OPTION...] FILE [-- COMMAND...]",
	.about = "Writes what happens to FILE, \"-\" for stdout: by default all events, and first\n"
		 "what was there before, with build ids.\n",
	.options = record_options,
	.notes = COMMAND_NOTES,
	.run = run_record,
	.arguments = "FILE",
	.most = 1,
	.offer = OFFER_FILES,
	.takes_command = true,
};

static const struct command replay_command = {
	.name = "replay",
	.summary = "show a recording",
	.usage = "[OPTION...] FILE",
	.about = "Shows a recording, \"-\" for stdin, as kevents shows what happens.\n",
	.options = replay_options,
	.run = run_recorded,
	.arguments = "FILE",
	.most = 1,
	.offer = OFFER_FILES,
};

static const struct command *const subcommands[] = {
	&record_command,
	&replay_command,
	&report_command,
	&resolve_command,
	NULL,
};

/* Without a subcommand, it is watched. */
static const struct command kevents = {
	.name = command_name,
	.usage = "[OPTION...] [-- COMMAND...]\nSUBCOMMAND [OPTION...] [ARGUMENT...]",
	.about = "Reports each process that is created, runs a program or ends, and code that is loaded,\n"
		 "by processes and by the kernel.\n",
	.options = watch_options,
	.notes = COMMAND_NOTES,
	.subcommands = subcommands,
	.run = run_watch,
	.takes_command = true,
};

int main(int argc, char **argv)
{
	command_start();
	/* What is printed is UTF-8 everywhere; this tells how wide its characters are. */
	setlocale(LC_CTYPE, "C.UTF-8");
	return output_finish(command_main(&kevents, argc, argv), EXIT_ERROR);
}
