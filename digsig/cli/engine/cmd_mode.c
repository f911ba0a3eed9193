// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <unistd.h>
#include "../cli.h"
#include "../engine_open.h"

static int show_mode(struct engine *engine)
{
	struct digsig_status now;
	int status = read_status_or_complain(engine, &now);

	if (status == EXIT_OK)
		puts(engine_mode_name(now.settings.mode));
	return status;
}

struct mode_settings {
	bool force;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "force", NULL,
		"enforce even if digsig itself would be refused from then on",
		OPTION_FIELD(struct mode_settings, force) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct mode_settings settings = { 0 };
	unsigned int mode = 0;
	struct engine engine;
	int status;

	if (!options_take(command, &argc, &argv, &settings, &status))
		return status;
	if (argc && !option_word_take(mode_words, "", argv[0], &mode))
		return EXIT_USAGE;
	status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	status = mode ? set_mode_or_complain(&engine, mode, settings.force) : show_mode(&engine);
	engine_close(&engine);
	return status;
}

const struct command mode_command = {
	.name = "mode",
	.summary = "show or set monitor, permissive, enforcing",
	.usage = "[--force] [monitor|permissive|enforcing]",
	.about = "Shows the engine's mode, or sets it.\n",
	.options = options,
	.run = run,
	.most = 1,
	.words = mode_words,
};
