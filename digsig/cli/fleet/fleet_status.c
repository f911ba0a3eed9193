// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig fleet status: every host, what it runs under, and how far behind it is. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "../../../lib/command/interrupt.h"
#include "../../../lib/table/table.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "fleet_commands.h"
#include "fleet_option.h"
#include "hosts.h"

struct status_settings {
	struct fleet_options fleet;
	struct table_settings table;
	const char *group, *host;
	double silent_after;
	unsigned int state; /* enum fleet_host_state; OPTION_NOT_GIVEN: any */
	bool only_odd, json;
};

enum { HOST, GROUP, KERNEL, VERSION, MODE, LOCKED, SEQUENCE, BEHIND, SEEN, DENIED, WOULD_DENY, WAITING, LOST, CLOCK, STATE,
	PROBLEM };

static const struct option_word columns[] = {
	{ "HOST", HOST },
	{ "GROUP", GROUP },
	{ "KERNEL", KERNEL },
	{ "VERSION", VERSION },
	{ "MODE", MODE },
	{ "LOCKED", LOCKED },
	{ "SEQUENCE", SEQUENCE | TABLE_NUMBER },
	{ "BEHIND", BEHIND | TABLE_NUMBER },
	{ "SEEN", SEEN | TABLE_NUMBER },
	{ "DENIED", DENIED | TABLE_NUMBER },
	{ "WOULD-DENY", WOULD_DENY | TABLE_NUMBER },
	{ "WAITING", WAITING | TABLE_NUMBER },
	{ "LOST", LOST | TABLE_NUMBER },
	{ "CLOCK", CLOCK | TABLE_NUMBER },
	{ "STATE", STATE },
	{ "PROBLEM", PROBLEM | TABLE_CUT },
	{ NULL, 0 },
};

#define USUAL "HOST,GROUP,KERNEL,MODE,LOCKED,SEQUENCE,BEHIND,SEEN,LOST,STATE,PROBLEM"

static const struct option_word state_words[] = {
	{ "silent", FLEET_HOST_SILENT },
	{ "no-engine", FLEET_HOST_NO_ENGINE },
	{ "refused", FLEET_HOST_REFUSED },
	{ "stale", FLEET_HOST_STALE },
	{ "behind", FLEET_HOST_BEHIND },
	{ "at-next-start", FLEET_HOST_NEXT_START },
	{ "current", FLEET_HOST_CURRENT },
	{ NULL, 0 },
};

static const struct command_option options[] = {
	{ OPTION_VALUE, 'g', "group", "GROUP", "only hosts of that group", OPTION_FIELD(struct status_settings, group) },
	{ OPTION_VALUE, 'H', "host", "HOST", "only that host", OPTION_FIELD(struct status_settings, host) },
	{ OPTION_WORD, 's', "state", "STATE", "only hosts of that state", OPTION_FIELD(struct status_settings, state),
		.words = state_words },
	{ OPTION_FLAG, 0, "odd", NULL, "only hosts that are not current", OPTION_FIELD(struct status_settings, only_odd) },
	{ OPTION_DURATION, 0, "silent-after", "TIME", "a host that said nothing for so long is silent; 15m",
		OPTION_FIELD(struct status_settings, silent_after) },
	TABLE_OPTIONS(struct status_settings, table, columns),
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON object a line, one for each host", OPTION_FIELD(struct status_settings, json) },
	{ OPTION_GROUP, OPTION_FIELD(struct status_settings, fleet), .group = fleet_option_table },
	{ 0 },
};

static bool is_shown(const struct status_settings *settings, const struct fleet_host_row *row)
{
	if (settings->state != OPTION_NOT_GIVEN && row->state != settings->state)
		return false;
	return !settings->only_odd || row->state != FLEET_HOST_CURRENT;
}

static __u64 behind(const struct fleet_host_row *row)
{
	__u64 newest = row->newest.group_sequence, own = row->status.group_sequence;

	return newest > own ? newest - own : 0;
}

/* "12s", "5m", "3h", "9d". */
static void print_age(char *text, size_t size, __s64 seconds)
{
	static const struct {
		__s64 seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	seconds = seconds < 0 ? 0 : seconds;
	while (i < 3 && seconds < 2 * units[i].seconds)
		i++;
	snprintf(text, size, "%lld%c", (long long)(seconds / units[i].seconds), units[i].unit);
}

/* What stands in the column PROBLEM: the reason, or what waits for the next start. */
static void print_problem(char *text, size_t size, const struct fleet_host_row *row)
{
	struct json_object *list = row->status.at_next_start;
	size_t length = 0;

	text[0] = '\0';
	if (*row->status.problem || !list) {
		snprintf(text, size, "%s", row->status.problem);
		return;
	}
	for (size_t i = 0; i < json_object_array_length(list) && length < size; i++) {
		const char *word = json_object_get_string(json_object_array_get_idx(list, i));

		length += (size_t)snprintf(text + length, size - length, "%s%s", i ? ", " : "at next start: ", word ? word : "?");
	}
}

static void put_row(struct table *table, const struct fleet_host_row *row, __s64 now)
{
	const struct fleet_host_status *status = &row->status;
	char age[32], problem[512];

	print_age(age, sizeof(age), now - status->seen);
	print_problem(problem, sizeof(problem), row);
	table_row(table);
	table_put(table, HOST, "%s", status->host);
	table_put(table, GROUP, "%s", status->group);
	table_put(table, KERNEL, "%s", status->kernel);
	table_put(table, VERSION, "%s", status->version);
	table_put(table, MODE, "%s", status->is_running ? status->mode : "-");
	table_put(table, LOCKED, "%s", status->is_locked ? "locked" : "-");
	table_put(table, SEQUENCE, "%llu", (unsigned long long)status->group_sequence);
	table_put(table, BEHIND, "%llu", (unsigned long long)behind(row));
	table_put(table, SEEN, "%s", age);
	table_put(table, DENIED, "%llu", (unsigned long long)status->denied);
	table_put(table, WOULD_DENY, "%llu", (unsigned long long)status->would_deny);
	table_put(table, WAITING, "%llu", (unsigned long long)status->waiting);
	table_put(table, LOST, "%llu", (unsigned long long)status->lost);
	table_put(table, CLOCK, "%+lld", (long long)status->clock_offset);
	table_put(table, STATE, "%s", fleet_host_state_name(row->state));
	table_put(table, PROBLEM, "%s", problem);
}

/* "12 hosts: 9 current, 2 behind, 1 silent" */
static void print_sums(const struct fleet_hosts *hosts)
{
	size_t counts[FLEET_HOST_STATES] = { 0 };
	const char *separator = ": ";

	for (size_t i = 0; i < hosts->count; i++)
		counts[hosts->rows[i].state]++;
	printf("%zu host%s", hosts->count, text_plural(hosts->count));
	for (unsigned int state = FLEET_HOST_STATES; state--;) {
		if (!counts[state])
			continue;
		printf("%s%zu %s", separator, counts[state], fleet_host_state_name(state));
		separator = ", ";
	}
	putchar('\n');
	if (hosts->not_understood)
		printf("%llu message%s not those of a host\n", (unsigned long long)hosts->not_understood,
			hosts->not_understood == 1 ? " is" : "s are");
}

static int print_table(const struct status_settings *settings, const struct fleet_hosts *hosts)
{
	int code = EXIT_OK;
	struct table *table = table_open(&settings->table, columns, USUAL, EXIT_ERROR, &code);

	if (!table)
		return code;
	for (size_t i = 0; i < hosts->count; i++)
		if (is_shown(settings, &hosts->rows[i]))
			put_row(table, &hosts->rows[i], time(NULL));
	code = table_close(table);
	if (!code && table_is_explained(&settings->table))
		print_sums(hosts);
	return code;
}

static void print_json(const struct fleet_host_row *row)
{
	const struct fleet_host_status *status = &row->status;
	struct json_object *object = json_object_new_object();
	char seen[32];

	print_time(seen, (__u64)status->seen);
	json_add_string(object, "host", status->host);
	json_add_string(object, "group", status->group);
	json_add_string(object, "state", fleet_host_state_name(row->state));
	json_add_string(object, "seen", seen);
	json_add_number(object, "newest_group_sequence", row->newest.group_sequence);
	json_add_number(object, "newest_host_sequence", row->newest.host_sequence);
	json_add_number(object, "behind", behind(row));
	json_object_object_add(object, "said", json_object_get(status->object));
	json_put_line(object);
}

static int status(const struct status_settings *settings)
{
	struct fleet_hosts hosts = { 0 };
	struct fleet_link *link;
	int code = fleet_option_open(&settings->fleet, &link);

	if (code)
		return code;
	code = fleet_hosts_read(link, settings->group, settings->host, settings->silent_after, &hosts);
	fleet_link_close(link);
	if (!code && settings->json)
		for (size_t i = 0; i < hosts.count; i++)
			if (is_shown(settings, &hosts.rows[i]))
				print_json(&hosts.rows[i]);
	if (!code && !settings->json)
		code = print_table(settings, &hosts);
	fleet_hosts_free(&hosts);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct status_settings settings = { .silent_after = FLEET_SILENT_AFTER, .state = OPTION_NOT_GIVEN };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = fleet_names_check(settings.group, settings.host);
	return code ? code : status(&settings);
}

const struct command fleet_status_command = {
	.name = "status",
	.summary = "list the hosts, and how far behind they are",
	.usage = "[OPTION...]",
	.about = "Lists the hosts: the mode of the engine, whether it is locked, the sequence of the state that is in\n"
		 "effect and by how many states it is behind, when the host spoke last, how many events were lost.\n",
	.options = options,
	.notes = "States: current; at-next-start: a part waits for the next start of the engine; behind: the newest state\n"
		 "is not in effect yet; stale: the state is older than it may be; refused: the host does not take the\n"
		 "newest state, PROBLEM says why; no-engine: nothing is judged there; silent.\n",
	.run = run,
};
