// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include "cli.h"
#include "live.h"
#include "options.h"

static const char help[] = "usage: slabtop replay FILE [options]\n"
			   "Shows a recording on the screen of slabtop, with its keys; < and > "
			   "step, [ and ] by ten, { and }\n"
			   "go to the ends, + and - play faster and slower, z stops and goes on. "
			   "Growth since the start is\n"
			   "since the start of the recording.\n\n"
			   "  -d, --delay SPEED      how many times as fast, 1 if not given\n"
			   "  -s, --sort CHAR        as slabtop has them, and so have these:\n"
			   "  -g, --growth\n"
			   "  -m, --min-growth SIZE\n"
			   "  -f, --filter REGEX\n"
			   "  -r, --reclaimable\n"
			   "  -u, --unreclaimable\n"
			   "      --reverse\n"
			   "  -A, --aliases\n"
			   "      --human\n"
			   "      --no-color         no colour (also: NO_COLOR)\n"
			   "  -h, --help\n";

int cmd_replay(int argc, char **argv)
{
	struct options options;
	struct source source;
	int code = options_parse(&options, "replay", argc, argv);

	if (!code && options.wants_help) {
		fputs(help, stdout);
	} else if (!code && options.once) {
		code = usage_error("replay",
			"a recording has many snapshots: --once, --json and the like have one");
	} else if (!code && optind + 1 != argc) {
		code = usage_error("replay", optind == argc ? "no file" : "one file at a time");
	} else if (!code) {
		code = source_open_recording(&source, argv[optind]);
		if (!code) {
			code = run_screen(&source, &options.view);
			source_close(&source);
		}
	}
	options_free(&options);
	return code;
}
