// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig fleet watch: what is denied on the hosts, or would be, as it happens. */
#include <stdio.h>
#include <stdlib.h>
#include "../../enforce/event_text.h"
#include "../../../lib/command/interrupt.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "denied.h"
#include "fleet_commands.h"
#include "fleet_option.h"

struct watch_settings {
	struct fleet_options fleet;
	struct denied_filter filter;
	bool json;
};

static const struct command_option options[] = {
	{ OPTION_VALUE, 'g', "group", "GROUP", "only hosts of that group", OPTION_FIELD(struct watch_settings, filter.group) },
	{ OPTION_VALUE, 'H', "host", "HOST", "only that host", OPTION_FIELD(struct watch_settings, filter.host) },
	{ OPTION_DURATION, 0, "since", "TIME", "begin with the events of the last TIME: 1d, 2h",
		OPTION_FIELD(struct watch_settings, filter.since) },
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON object a line, as the host sent it", OPTION_FIELD(struct watch_settings, json) },
	{ OPTION_GROUP, OPTION_FIELD(struct watch_settings, fleet), .group = fleet_option_table },
	{ 0 },
};

/* The log's words were safe to print when digsigd wrote them; who has the host may have changed them. */
static void print_entry(const struct fleet_event *event)
{
	char *words = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&words, &size);

	if (out) {
		event_print_line(out, json_object_object_get(event->object, "entry"), false);
		fclose(out);
	}
	printf("%s/%s ", event->group, event->host);
	print_safely_sized(stdout, words ? words : "?", size ? size - 1 : 0);
	if (*event->package) {
		fputs(", package ", stdout);
		print_safely(stdout, event->package);
	}
	putchar('\n');
	free(words);
}

static bool print(void *closure, const struct fleet_event *event)
{
	const struct watch_settings *settings = closure;

	if (settings->json)
		json_put_line(json_object_get(event->object));
	else
		print_entry(event);
	return !fflush(stdout);
}

static int watch(struct watch_settings *settings)
{
	struct denied_reading reading = { .filter = &settings->filter, .visit = print, .closure = settings, .follow = true };
	struct fleet_link *link;
	int code = fleet_option_open(&settings->fleet, &link);

	if (code)
		return code;
	interrupt_catch();
	code = denied_read(link, &reading);
	fleet_link_close(link);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	/* From now on, but for a second, in which what was just started may have been seen. */
	struct watch_settings settings = { .filter.since = 1 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = fleet_names_check(settings.filter.group, settings.filter.host);
	return code ? code : watch(&settings);
}

const struct command fleet_watch_command = {
	.name = "watch",
	.summary = "print what is denied on the hosts, as it happens",
	.usage = "[OPTION...]",
	.about = "Prints what the engines of the hosts see, a line an event, until it is interrupted.\n",
	.options = options,
	.run = run,
};
