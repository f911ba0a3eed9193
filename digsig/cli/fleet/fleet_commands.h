/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The subcommands of digsig fleet: one a file. */
#ifndef DIGSIG_CLI_FLEET_COMMANDS_H
#define DIGSIG_CLI_FLEET_COMMANDS_H

#include "../../../lib/command/command.h"

extern const struct command fleet_status_command;
extern const struct command fleet_denied_command;
extern const struct command fleet_impact_command;
extern const struct command fleet_watch_command;
extern const struct command fleet_report_command;

#endif
