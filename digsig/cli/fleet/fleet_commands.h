/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The subcommands of digsig fleet: one a file. */
#ifndef DIGSIG_CLI_FLEET_COMMANDS_H
#define DIGSIG_CLI_FLEET_COMMANDS_H

#include "../../../lib/command/command.h"

extern const struct command fleet_publish_command;
extern const struct command fleet_unblock_command;
extern const struct command fleet_sign_command;
extern const struct command fleet_show_command;
extern const struct command fleet_server_config_command;
extern const struct command fleet_server_init_command;
extern const struct command fleet_status_command;
extern const struct command fleet_denied_command;
extern const struct command fleet_impact_command;
extern const struct command fleet_watch_command;
extern const struct command fleet_report_command;

#endif
