// SPDX-License-Identifier: GPL-2.0-or-later
#include "../cli.h"
#include "fleet_commands.h"

static const struct command *const subcommands[] = {
	&fleet_publish_command,
	&fleet_unblock_command,
	&fleet_sign_command,
	&fleet_show_command,
	&fleet_status_command,
	&fleet_denied_command,
	&fleet_impact_command,
	&fleet_watch_command,
	&fleet_report_command,
	&fleet_server_config_command,
	&fleet_server_init_command,
	NULL,
};

const struct command fleet_command = {
	.name = "fleet",
	.summary = "many hosts, over NATS: what they are to trust, and what they deny",
	.usage = "SUBCOMMAND [OPTION...] ARGUMENT...",
	.about = "The hosts of a fleet get their state from NATS servers, signed, and report there what they deny.\n",
	.subcommands = subcommands,
	.notes = "digsig-fleet(1) explains everything.\n",
};
