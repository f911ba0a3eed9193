// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include "cli.h"
#include "engine_words.h"

static const char help[] = "usage: digsig stop\n"
			   "Takes the engine out of the kernel: from then on everything runs.\n\n"
			   "  -h, --help\n";

int cmd_stop(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct engine engine;
	int option, status, err;

	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		if (option != 'h')
			return EXIT_USAGE;
		fputs(help, stdout);
		return EXIT_OK;
	}
	if (optind < argc)
		return usage_error("stop", "%s: what is this?", argv[optind]);
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
