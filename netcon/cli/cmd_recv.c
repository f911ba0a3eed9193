// SPDX-License-Identifier: GPL-2.0-or-later
/* netcon recv: receives the messages of many kernels. */
#include "cli.h"

static int run(const struct command *command, int argc, char **argv)
{
	int code;

	if (!options_take(command, &argc, &argv, NULL, &code))
		return code;
	return EXIT_OK;
}

const struct command recv_command = {
	.name = "recv",
	.summary = "receive messages",
	.usage = "[OPTION...]",
	.about = "Receives.\n",
	.run = run,
};
