// SPDX-License-Identifier: GPL-2.0-or-later
/* prefetch: a table of subcommands. */
#include <locale.h>
#include <stddef.h>
#include "../../lib/command/output.h"
#include "../../lib/command/start.h"
#include "../decode.h"
#include "cli.h"

const char command_name[] = "prefetch";

const struct option_word mode_words[] = {
	{ "16", PREFETCH_16 },
	{ "32", PREFETCH_32 },
	{ "64", PREFETCH_64 },
	{ NULL, 0 },
};

static const struct command *const subcommands[] = {
	&test_command,
	&run_command,
	&explain_command,
	&scan_command,
	&decode_command,
	NULL,
};

static const struct command prefetch = {
	.name = command_name,
	.usage = "SUBCOMMAND [OPTION...] [ARGUMENT...]",
	.about = "Tells whether a fault was that of a PREFETCH, which must not fault, and mends it.\n",
	.subcommands = subcommands,
	.notes = "prefetch SUBCOMMAND --help explains the options of one; prefetch(1) explains everything.\n",
};

int main(int argc, char **argv)
{
	command_start();
	setlocale(LC_CTYPE, "C.UTF-8");
	return output_finish(command_main(&prefetch, argc, argv), EXIT_ERROR);
}
