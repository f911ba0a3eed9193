// SPDX-License-Identifier: GPL-2.0-or-later
/* sccon chat: a script that talks to a console. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/read_small.h"
#include "chat_run.h"
#include "cli.h"
#include "target_options.h"

struct chat_settings {
	struct chat_run_settings run;
	struct tls_settings tls;
	bool checks;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 'f', "force", NULL, "take over from who writes", OPTION_FIELD(struct chat_settings, run.is_forced) },
	{ OPTION_FLAG, 'v', "verbose", NULL, "show what the machine sends, made harmless, on standard error",
		OPTION_FIELD(struct chat_settings, run.shows) },
	{ OPTION_FLAG, 'n', "check", NULL, "only read the script, and say what is wrong with it",
		OPTION_FIELD(struct chat_settings, checks) },
	TLS_CLIENT_OPTIONS(struct chat_settings, tls),
	{ 0 },
};

/* "-" is standard input, which may be a pipe. */
static int read_script(const char *name, char *text, size_t *size)
{
	int fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY) : dup(STDIN_FILENO), err;

	if (fd < 0)
		return -errno;
	err = file_read_rest(fd, text, SCRIPT_SIZE_MAX, size);
	close(fd);
	return err;
}

/* EXIT_OK, or an exit code, having complained. */
static int take_script(const char *name, struct chat_script **script)
{
	char *text = malloc(SCRIPT_SIZE_MAX + 1);
	struct chat_error error = { 0 };
	size_t size;
	int err = text ? read_script(name, text, &size) : -ENOMEM, code = EXIT_OK;

	if (err) {
		complain("%s: %s", name, err == -EFBIG ? "larger than a mebibyte" : strerror(-err));
		code = EXIT_ERROR;
	} else {
		err = chat_script_parse(text, size, script, &error);
		if (err == -EINVAL)
			complain("%s:%u: %s", name, error.line, error.words);
		else if (err)
			complain("out of memory");
		if (err)
			code = err == -EINVAL ? EXIT_USAGE : EXIT_ERROR;
	}
	free(text);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct chat_settings settings = { 0 };
	struct chat_script *script = NULL;
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = target_take(argv[0], &settings.tls, &settings.run.client);
	if (code != EXIT_OK)
		return code;
	code = take_script(argv[1], &script);
	if (code == EXIT_OK && !settings.checks) {
		settings.run.client.flags = HELLO_WATCH;
		settings.run.script = script;
		settings.run.name = argv[1];
		code = chat_run(&settings.run);
	}
	chat_script_free(script);
	return code;
}

const struct command chat_command = {
	.name = "chat",
	.summary = "carry out a script that sends and expects",
	.usage = "[-f] [-v] [-n] " TLS_CLIENT_USAGE " TARGET SCRIPT",
	.about = "Attaches to TARGET and carries out SCRIPT, a file, or - for standard input. A line is a statement:\n"
		 "  send \"root\\r\"                  bytes to the machine\n"
		 "  expect \"login: \"               wait for a text, or for /an expression/ of regex(7)\n"
		 "  timeout 30s                    how long each expect behind it waits\n"
		 "  on \"Kernel panic\" fail \"WORDS\"   fail as soon as this comes\n"
		 "  sleep 500ms, break, window ROWS COLUMNS, print \"WORDS\", fail \"WORDS\"\n",
	.options = options,
	.notes = "Exit codes: 0 done; 2 usage, or the script is none; 3 it could not be done;\n"
		 "10 and the number of the line that failed, at most 125.\n",
	.run = run,
	.arguments = "TARGET SCRIPT",
	.most = 2,
	.offer = OFFER_FILES,
};
