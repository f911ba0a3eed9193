// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig: a table of subcommands. */
#include <locale.h>
#include <stddef.h>
#include "../../lib/command/output.h"
#include "../../lib/command/start.h"
#include "cli.h"

static const struct command *const subcommands[] = {
	&key_command,
	&sign_command,
	&prepare_command,
	&attach_command,
	&verify_command,
	&show_command,
	&strip_command,
	&extract_command,
	&start_command,
	&stop_command,
	&mode_command,
	&policy_command,
	&lock_command,
	&admit_command,
	&catalog_command,
	&revoke_command,
	&status_command,
	&log_command,
	&doctor_command,
	&check_command,
	&learn_command,
	&fanotify_command,
	&fleet_command,
	NULL,
};

static const struct command digsig = {
	.name = command_name,
	.usage = "SUBCOMMAND [OPTION...] [ARGUMENT...]",
	.about = "Signs ELF programs inside their own files, and has the kernel run only those.\n",
	.subcommands = subcommands,
	.notes = "digsig SUBCOMMAND --help explains the options of one; digsig(1) explains everything.\n",
};

int main(int argc, char **argv)
{
	command_start();
	setlocale(LC_CTYPE, "C.UTF-8");
	return output_finish(command_main(&digsig, argc, argv), EXIT_ERROR);
}
