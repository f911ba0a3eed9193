// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig fleet denied: what was denied on the hosts, or would have been. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "../../../lib/text/json.h"
#include "../cli.h"
#include "denied.h"
#include "denied_table.h"
#include "fleet_commands.h"
#include "fleet_option.h"

struct denied_settings {
	struct fleet_options fleet;
	struct table_settings table;
	struct denied_filter filter;
	bool only_denied, only_would, list, json;
};

static const struct command_option options[] = {
	{ OPTION_DURATION, 0, "since", "TIME", "only events of the last TIME: 1d, 2h",
		OPTION_FIELD(struct denied_settings, filter.since) },
	{ OPTION_VALUE, 'g', "group", "GROUP", "only hosts of that group", OPTION_FIELD(struct denied_settings, filter.group) },
	{ OPTION_VALUE, 'H', "host", "HOST", "only that host", OPTION_FIELD(struct denied_settings, filter.host) },
	{ OPTION_FLAG, 0, "denied", NULL, "only what was denied", OPTION_FIELD(struct denied_settings, only_denied) },
	{ OPTION_FLAG, 0, "would-deny", NULL, "only what ran, and would have been denied in mode enforcing",
		OPTION_FIELD(struct denied_settings, only_would) },
	{ OPTION_FLAG, 'l', "list", NULL, "print the digests of what is unsigned, for digsig catalog sign",
		OPTION_FIELD(struct denied_settings, list) },
	TABLE_OPTIONS(struct denied_settings, table, denied_columns),
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON object a line, one for each file",
		OPTION_FIELD(struct denied_settings, json) },
	{ OPTION_GROUP, OPTION_FIELD(struct denied_settings, fleet), .group = fleet_option_table },
	{ 0 },
};

static bool is_chosen(const struct fleet_denial *denial, const void *closure)
{
	const struct denied_settings *settings = closure;

	return (!settings->only_denied || denial->denied) && (!settings->only_would || denial->would_deny);
}

static int print(const struct denied_settings *settings, const struct fleet_denials *denials)
{
	size_t count;
	struct fleet_denial **list = fleet_denials_list(denials, &count);
	int code = EXIT_OK;

	if (!settings->list && !settings->json)
		code = denied_print_table(&settings->table, list, count, is_chosen, settings);
	for (size_t i = 0; i < count; i++) {
		if (!is_chosen(list[i], settings))
			continue;
		if (settings->list)
			denied_print_sum(list[i]);
		else if (settings->json)
			json_put_line(denied_json(list[i]));
	}
	free(list);
	return code;
}

static int denied(const struct denied_settings *settings)
{
	struct denied_reading reading = { .filter = &settings->filter };
	struct fleet_link *link;
	int code = fleet_option_open(&settings->fleet, &link);

	if (code)
		return code;
	if (fleet_denials_new(&reading.denials)) {
		complain("fleet: out of memory");
		code = EXIT_ERROR;
	} else {
		code = denied_read(link, &reading);
		if (!code)
			code = print(settings, reading.denials);
		if (!code)
			denied_warn(&reading);
		fleet_denials_free(reading.denials);
	}
	fleet_link_close(link);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct denied_settings settings = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.only_denied && settings.only_would)
		return usage_error("--denied and --would-deny exclude each other");
	if (settings.list && settings.json)
		return usage_error("--list and --json exclude each other");
	code = fleet_names_check(settings.filter.group, settings.filter.host);
	return code ? code : denied(&settings);
}

const struct command fleet_denied_command = {
	.name = "denied",
	.summary = "list what was denied, or would have been, and on how many hosts",
	.usage = "[OPTION...]",
	.about = "Lists each file that was denied on a host of the fleet, or ran and would have been denied in mode\n"
		 "enforcing: by digest, path and verdict, with the number of hosts and the last time.\n",
	.options = options,
	.notes = "digsig fleet denied --list | digsig catalog sign - ... makes a catalog of what is unsigned: read\n"
		 "the list first.\n",
	.run = run,
};
