// SPDX-License-Identifier: GPL-2.0-or-later
/* kevents: what the kernel does, as a stream, as rates, as a tree, into a file. */
#include <string.h>
#include "cli.h"
#include "report.h"
#include "resolve.h"

const char command_name[] = "kevents";

static const struct view *choose_view(const struct settings *settings)
{
	if (settings->rates)
		return &rates_view;
	if (settings->tree)
		return &tree_view;
	return settings->json ? &json_view : &table_view;
}

static int cmd_watch(int argc, char **argv, const char *name)
{
	struct settings settings;
	bool done;
	int code = parse_settings(argc, argv, name, &settings, &done);

	if (!done && settings.input)
		code = run_replay(&settings, choose_view(&settings));
	else if (!done)
		code = run_live(&settings,
			settings.output ? &record_view : choose_view(&settings));
	free_settings(&settings);
	return code;
}

struct subcommand {
	const char *name;
	int (*run)(int argc, char **argv, const char *name);
};

/* Without one of these, it is watched. */
static const struct subcommand subcommands[] = {
	{"record", cmd_watch},
	{"replay", cmd_watch},
	{"report", cmd_report},
	{"resolve", cmd_resolve},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
		if (!strcmp(argv[1], subcommands[i].name))
			return subcommands[i].run(argc - 1, argv + 1, argv[1]);
	return cmd_watch(argc, argv, NULL);
}
