// SPDX-License-Identifier: GPL-2.0-or-later
/* sccon: a table of subcommands. */
#include <locale.h>
#include <stddef.h>
#include "../../lib/command/output.h"
#include "../../lib/command/start.h"
#include "cli.h"

const char command_name[] = "sccon";

static const struct command *const subcommands[] = {
	&serve_command,
	&attach_command,
	&log_command,
	&chat_command,
	&status_command,
	NULL,
};

static const struct command sccon = {
	.name = command_name,
	.usage = "SUBCOMMAND [OPTION...]",
	.about = "Serves the console of a machine to several people, of whom one writes.\n",
	.notes = "sccon(1) explains everything.\n",
	.subcommands = subcommands,
};

int main(int argc, char **argv)
{
	command_start();
	setlocale(LC_CTYPE, "C.UTF-8");
	return output_finish(command_main(&sccon, argc, argv), EXIT_ERROR);
}
