// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../cli.h"
#include "../engine_open.h"

static int run(const struct command *command, int argc, char **argv)
{
	struct engine engine;
	int status, err;

	if (!options_take(command, &argc, &argv, &engine, &status))
		return status;
	status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	engine_close(&engine);
	err = engine_stop();
	if (err == -EPERM) {
		complain("stop: the engine is locked: it runs until the machine restarts");
		return EXIT_ERROR;
	}
	if (err) {
		complain("stop: %s", strerror(-err));
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

const struct command stop_command = {
	.name = "stop",
	.summary = "take the engine out again",
	.usage = "",
	.about = "Takes the engine out of the kernel. From then on everything runs.\n",
	.run = run,
};
