// SPDX-License-Identifier: GPL-2.0-or-later
/* sccon attach: sits down at a console that is served. */
#include "attach.h"
#include <unistd.h>
#include "cli.h"
#include "escape.h"
#include "target_options.h"

struct settings {
	struct tls_settings tls;
	const char *escape, *log;
	bool reads_only, is_forced, reconnects, is_without_replay;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 'r', "read-only", NULL, "watch, and do not ask to write", OPTION_FIELD(struct settings, reads_only) },
	{ OPTION_FLAG, 'f', "force", NULL, "take over from who writes", OPTION_FIELD(struct settings, is_forced) },
	{ OPTION_VALUE, 'e', "escape", "CHAR", "begins escapes: ~ (the default), ^] and the like, none",
		OPTION_FIELD(struct settings, escape) },
	{ OPTION_VALUE, 'l', "log", "FILE", "append what the machine sends to this file, too",
		OPTION_FIELD(struct settings, log), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "reconnect", NULL, "connect again when the connection is lost",
		OPTION_FIELD(struct settings, reconnects) },
	{ OPTION_FLAG, 0, "no-replay", NULL, "do not begin with what the screen shows, as on a terminal",
		OPTION_FIELD(struct settings, is_without_replay) },
	TLS_CLIENT_OPTIONS(struct settings, tls),
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct settings settings = { .escape = "~" };
	struct attach_settings to = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.reads_only && settings.is_forced)
		return usage_error("--read-only and --force exclude each other");
	if (escape_parse(settings.escape, &to.escape))
		return usage_error("--escape: %s: not one character, ^ and a character, or none", settings.escape);
	code = target_take(argv[0], &settings.tls, &to.client);
	if (code)
		return code;
	to.client.flags = HELLO_WATCH | (settings.is_without_replay || !isatty(STDOUT_FILENO) ? 0 : HELLO_REPLAY);
	to.target = argv[0];
	to.reads_only = settings.reads_only;
	to.is_forced = settings.is_forced;
	to.reconnects = settings.reconnects;
	to.log = settings.log;
	return attach_run(&to);
}

const struct command attach_command = {
	.name = "attach",
	.summary = "sit down at a console",
	.usage = "[-r | -f] [-e CHAR] [-l FILE] [--reconnect] [--no-replay] " TLS_CLIENT_USAGE " TARGET",
	.about = "Shows what the machine sends, and sends what is typed, if nobody else writes.\n"
		 "TARGET: " TARGET_RULE ".\n",
	.options = options,
	.notes = "At the beginning of a line ~. ends, ~? helps, ~b sends a break, ~w asks to write, ~f takes over, ~r lets\n"
		 "others write, ~^Z suspends, ~~ sends ~. If standard input is no terminal there are no escapes.\n"
		 "Exit codes: 0 ended here; 1 the server ended it; 2 usage; 3 no connection, or it broke.\n",
	.run = run,
	.arguments = "TARGET",
	.most = 1,
	.offer = OFFER_FILES,
};
