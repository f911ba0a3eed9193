// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include "../cli.h"
#include "fleet_commands.h"
#include "fleet_option.h"

struct init_settings {
	struct fleet_options connection;
	unsigned int replicas;
};

static const struct command_option options[] = {
	{ OPTION_NUMBER, 0, "replicas", "N", "servers that keep each message: 1, or 3 in a cluster (default: 1)",
		OPTION_FIELD(struct init_settings, replicas), .least = 1, .most = 5 },
	{ OPTION_GROUP, OPTION_FIELD(struct init_settings, connection), .group = fleet_option_table },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct init_settings settings = { .replicas = 1 };
	char problem[FLEET_LINK_PROBLEM];
	struct fleet_link *link;
	int code, err;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = fleet_option_open(&settings.connection, &link);
	if (code)
		return code;
	err = fleet_link_make_streams(link, (int)settings.replicas, problem);
	fleet_link_close(link);
	if (err) {
		complain("%s", problem);
		return EXIT_ERROR;
	}
	puts("the streams DIGSIG_STATE, DIGSIG_BLOBS, DIGSIG_HOSTS and DIGSIG_EVENTS are there");
	return EXIT_OK;
}

const struct command fleet_server_init_command = {
	.name = "server-init",
	.summary = "make the streams of a fleet on new servers",
	.usage = "[--replicas N] [OPTION...]",
	.about = "Makes the streams of a fleet. Those that are there stay as they are.\n",
	.options = options,
	.notes = FLEET_OPTION_NOTES,
	.run = run,
};
