// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap: a table of subcommands. */
#include <locale.h>
#include <stddef.h>
#include "../../lib/command/output.h"
#include "../../lib/command/start.h"
#include "cli.h"

const char command_name[] = "ramswap";

static const struct command *const subcommands[] = {
	&plan_command,
	&up_command,
	&down_command,
	&status_command,
	&watch_command,
	&sources_command,
	&advise_command,
	&test_command,
	&maintain_command,
	&import_command,
	NULL,
};

static const struct command ramswap = {
	.name = command_name,
	.usage = "SUBCOMMAND [OPTION...]",
	.about = "Finds memory that the kernel uses badly or not at all, and makes it the first swap device.\n",
	.notes = "ramswap(1) explains everything.\n",
	.subcommands = subcommands,
};

int main(int argc, char **argv)
{
	command_start();
	setlocale(LC_CTYPE, "C.UTF-8");
	return output_finish(command_main(&ramswap, argc, argv), EXIT_ERROR);
}
