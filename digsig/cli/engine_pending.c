// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine's subcommands until they are here. */
#include "cli.h"

static int pending(const char *name)
{
	complain("%s: not built yet", name);
	return EXIT_ERROR;
}

int cmd_start(int argc, char **argv)
{
	(void)argc;
	return pending(argv[0]);
}

int cmd_stop(int argc, char **argv)
{
	(void)argc;
	return pending(argv[0]);
}

int cmd_mode(int argc, char **argv)
{
	(void)argc;
	return pending(argv[0]);
}

int cmd_admit(int argc, char **argv)
{
	(void)argc;
	return pending(argv[0]);
}

int cmd_status(int argc, char **argv)
{
	(void)argc;
	return pending(argv[0]);
}

int cmd_log(int argc, char **argv)
{
	(void)argc;
	return pending(argv[0]);
}
