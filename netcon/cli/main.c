// SPDX-License-Identifier: GPL-2.0-or-later
/* netcon: a table of subcommands. */
#include <locale.h>
#include <stddef.h>
#include "../../lib/command/output.h"
#include "../../lib/command/start.h"
#include "cli.h"

const char command_name[] = "netcon";

static const struct command *const subcommands[] = {
	&recv_command,
	&send_command,
	&setup_command,
	&list_command,
	&remove_command,
	&test_command,
	NULL,
};

static const struct command netcon = {
	.name = command_name,
	.usage = "SUBCOMMAND [OPTION...]",
	.about = "Gets a kernel's messages off the machine, those of before too, and receives them from many.\n",
	.notes = "netcon(1) explains everything.\n",
	.subcommands = subcommands,
};

int main(int argc, char **argv)
{
	command_start();
	setlocale(LC_CTYPE, "C.UTF-8");
	return output_finish(command_main(&netcon, argc, argv), EXIT_ERROR);
}
