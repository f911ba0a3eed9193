// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "cli.h"
#include "engine_words.h"
#include "flags.h"

static const char help[] =
	"usage: digsig lock [-q]\n"
	"From now on until the machine restarts, nobody, root included, stops the engine or makes it\n"
	"less strict. The kernel refuses then besides what would get around it: BPF programs that\n"
	"reach kernel memory, /dev/mem, unsigned modules and so on, as lockdown=integrity does.\n\n"
	"  -q, --quiet  print nothing if all is well\n"
	"  -h, --help\n";

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

int cmd_lock(int argc, char **argv)
{
	struct digsig_status now;
	struct engine engine;
	bool quiet = false;
	const struct flag flags[] = { { "quiet", 'q', &quiet }, { 0 } };
	int status;

	if (!flags_take(argc, argv, help, flags, 0, &status))
		return status;
	status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	status = read_status_or_complain(&engine, &now);
	if (status == EXIT_OK)
		status = lock_or_complain(&engine);
	engine_close(&engine);
	if (status == EXIT_OK && !quiet)
		printf("digsig: locked in mode %s until the machine restarts\n",
			engine_mode_name(now.settings.mode));
	return status;
}
