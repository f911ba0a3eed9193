// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "cli.h"
#include "engine_words.h"
#include "flags.h"

static const char help[] = "usage: digsig stop\n"
			   "Takes the engine out of the kernel: from then on everything runs.\n\n"
			   "  -h, --help\n";

int cmd_stop(int argc, char **argv)
{
	struct engine engine;
	static const struct flag flags[] = { { 0 } };
	int status, err;

	if (!flags_take(argc, argv, help, flags, 0, &status))
		return status;
	status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	engine_close(&engine);
	err = engine_stop();
	if (err == -EPERM) {
		complain("stop: the engine is locked: it goes when the machine restarts");
		return EXIT_ERROR;
	}
	if (err) {
		complain("stop: %s", strerror(-err));
		return EXIT_ERROR;
	}
	return EXIT_OK;
}
