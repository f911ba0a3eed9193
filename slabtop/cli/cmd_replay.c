// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include "cli.h"
#include "config.h"
#include "live.h"
#include "options.h"

static int replay(const char *path, struct options *options)
{
	struct source source;
	int code = source_open_recording(&source, path);

	if (code)
		return code;
	code = run_screen(&source, &options->view);
	source_close(&source);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct options options;
	int code;

	options_begin(&options, 1);
	if (options_take(command, &argc, &argv, &options, &code)) {
		code = options_finish(&options);
		if (!code)
			code = replay(argv[0], &options);
	}
	options_free(&options);
	return code;
}

const struct command replay_command = {
	.name = "replay",
	.summary = "show a recording, with the screen and the keys of now",
	.usage = "FILE [options]",
	.about = "Shows a recording on the screen of " SLABTOP_NAME ", with its keys; < and > step, [ and ] by ten,\n"
		 "{ and } go to the ends, + and - play faster and slower, z stops and goes on. Growth since\n"
		 "the start is since the start of the recording.\n",
	.options = replay_options,
	.notes = SLABTOP_NAME " --help has the sort criteria.\n",
	.run = run,
	.arguments = "FILE",
	.most = 1,
	.offer = OFFER_FILES,
};
