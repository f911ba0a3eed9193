// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <unistd.h>
#include "cli.h"
#include "engine_words.h"
#include "flags.h"

static const char help[] =
	"usage: digsig mode [--force] [monitor|permissive|enforcing]\n"
	"Shows the engine's mode, or sets it.\n\n"
	"  --force     enforce even if digsig itself is not signed and could not run any more\n"
	"  -h, --help\n";

static int show_mode(struct engine *engine)
{
	struct digsig_status now;
	int status = read_status_or_complain(engine, &now);

	if (status == EXIT_OK)
		puts(engine_mode_name(now.settings.mode));
	return status;
}

int cmd_mode(int argc, char **argv)
{
	unsigned int mode = 0;
	struct engine engine;
	bool forced = false;
	const struct flag flags[] = { { "force", 0, &forced }, { 0 } };
	int status;

	if (!flags_take(argc, argv, help, flags, FLAGS_ANY, &status))
		return status;
	if (argc - optind > 1)
		return usage_error("mode", "one mode at a time");
	if (optind < argc) {
		mode = parse_mode("mode", argv[optind]);
		if (!mode)
			return EXIT_USAGE;
	}
	status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	status = mode ? set_mode_or_complain(&engine, mode, forced) : show_mode(&engine);
	engine_close(&engine);
	return status;
}
