// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../cli.h"
#include "../engine_open.h"

static int lock_or_complain(struct engine *engine)
{
	int err = engine_lock(engine);

	if (err == -EXDEV)
		complain("lock: /sys/fs/bpf is not the machine's own here: run it in the mount "
			 "namespace of PID 1: nsenter -t 1 -m digsig lock");
	else if (err == -EBUSY)
		complain("lock: a process has one of the engine's maps open: end it (bpftool "
			 "map shows which), then lock");
	else if (err)
		complain("lock: %s", strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

struct lock_settings {
	bool is_quiet;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 'q', "quiet", NULL, "print nothing if all is well",
		OPTION_FIELD(struct lock_settings, is_quiet) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct lock_settings settings = { 0 };
	struct digsig_status now;
	struct engine engine;
	int status;

	if (!options_take(command, &argc, &argv, &settings, &status))
		return status;
	status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	status = read_status_or_complain(&engine, &now);
	if (status == EXIT_OK)
		status = lock_or_complain(&engine);
	engine_close(&engine);
	if (status == EXIT_OK && !settings.is_quiet)
		printf("digsig: locked in mode %s until the machine restarts\n",
			engine_mode_name(now.settings.mode));
	return status;
}

const struct command lock_command = {
	.name = "lock",
	.summary = "until the machine restarts: no stop, and only stricter",
	.usage = "[-q]",
	.about = "From now on until the machine restarts, nobody, root included, stops the engine or makes it\n"
		 "less strict. The kernel also refuses what would get around it: BPF programs that reach kernel\n"
		 "memory, /dev/mem, unsigned modules and so on, as lockdown=integrity does.\n",
	.options = options,
	.run = run,
};
