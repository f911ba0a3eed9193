// SPDX-License-Identifier: GPL-2.0-or-later
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "../../enforce/doctor.h"
#include "../../../lib/table/table.h"
#include "../../../lib/text/json.h"
#include "../cli.h"

enum answer { ANSWER_YES, ANSWER_NO, ANSWER_PERHAPS };

static enum answer conclude(const struct doctor_finding *findings, size_t count)
{
	enum answer answer = ANSWER_YES;

	for (size_t i = 0; i < count; i++) {
		if (findings[i].state == DOCTOR_MISSING)
			return ANSWER_NO;
		if (findings[i].state == DOCTOR_UNSEEN)
			answer = ANSWER_PERHAPS;
	}
	return answer;
}

static const char *tint(enum doctor_state state)
{
	return state == DOCTOR_OK ? "\033[32m" : state == DOCTOR_MISSING ? "\033[1;31m" : "\033[33m";
}

enum { CHECK, STATE, FINDING, COMMAND };

static const struct option_word columns[] = {
	{ "CHECK", CHECK },
	{ "STATE", STATE },
	{ "FINDING", FINDING | TABLE_LINES },
	{ "COMMAND", COMMAND | TABLE_LINES },
	{ 0 },
};

struct doctor_settings {
	struct table_settings table;
	bool json, no_colour;
};

/* What to type stands below what was found, unless it has a column of its own. */
static void add_finding(struct table *table, const struct doctor_finding *finding,
	const struct doctor_settings *settings)
{
	bool is_below = !settings->table.columns && *finding->command &&
			!strstr(finding->text, finding->command);

	table_row(table);
	table_put(table, CHECK, "%s", finding->name);
	table_put(table, STATE, "%s", doctor_state_name(finding->state));
	if (is_below)
		table_put(table, FINDING, "%s\n%s", finding->text, finding->command);
	else
		table_put(table, FINDING, "%s", finding->text);
	table_put(table, COMMAND, "%s", finding->command);
	if (colour_wanted(settings->no_colour))
		table_colour(table, STATE, tint(finding->state));
}

static void say_answer(const struct doctor_finding *findings, size_t count)
{
	static const char *const answers[] = {
		[ANSWER_YES] = "this kernel can enforce",
		[ANSWER_NO] = "this kernel cannot enforce as it is",
		[ANSWER_PERHAPS] = "not everything could be seen: run it as root",
	};

	printf("%s\n", answers[conclude(findings, count)]);
}

static void add_string(struct json_object *object, const char *name, const char *text)
{
	json_add_string(object, name, *text ? text : NULL);
}

static void print_json(const struct doctor_finding *findings, size_t count)
{
	enum answer answer = conclude(findings, count);
	struct json_object *object = json_object_new_object(), *list = json_object_new_array();

	json_object_object_add(object, "can_enforce",
		answer == ANSWER_PERHAPS ? NULL : json_object_new_boolean(answer == ANSWER_YES));
	for (size_t i = 0; i < count; i++) {
		struct json_object *item = json_object_new_object();

		add_string(item, "name", findings[i].name);
		add_string(item, "state", doctor_state_name(findings[i].state));
		add_string(item, "text", findings[i].text);
		add_string(item, "command", findings[i].command);
		json_object_array_add(list, item);
	}
	json_object_object_add(object, "findings", list);
	json_put_line(object);
}

static const struct command_option options[] = {
	TABLE_OPTIONS(struct doctor_settings, table, columns),
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object",
		OPTION_FIELD(struct doctor_settings, json) },
	{ OPTION_FLAG, 0, "no-color", NULL, "no colour (also: NO_COLOR)",
		OPTION_FIELD(struct doctor_settings, no_colour) },
	{ 0 },
};

static int print_table(struct table *table, const struct doctor_finding *findings, size_t count,
	const struct doctor_settings *settings)
{
	int code;

	for (size_t i = 0; i < count; i++)
		add_finding(table, &findings[i], settings);
	code = table_close(table);
	if (!code && table_is_explained(&settings->table))
		say_answer(findings, count);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct doctor_finding findings[DOCTOR_FINDINGS_MAX];
	struct doctor_settings settings = { 0 };
	struct table *table = NULL;
	size_t count;
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (!settings.json) {
		table = table_open(&settings.table, columns, "CHECK,STATE,FINDING", EXIT_ERROR, &code);
		if (!table)
			return code;
	}
	count = doctor_examine(findings);
	code = EXIT_OK;
	if (table)
		code = print_table(table, findings, count, &settings);
	else
		print_json(findings, count);
	return code ? code : conclude(findings, count) == ANSWER_YES ? EXIT_OK : EXIT_ERROR;
}

const struct command doctor_command = {
	.name = "doctor",
	.summary = "say whether this kernel can enforce, and what is missing",
	.usage = TABLE_USAGE " [--no-color]\n--json",
	.about = "Says whether this kernel can enforce: what the engine needs, a line each, and what to type\n"
		 "where something is missing. Changes nothing. Exit code 0: it can; 1: it cannot, or not\n"
		 "everything could be seen.\n",
	.options = options,
	.notes = "Columns:\n"
		 "  CHECK     what the engine needs\n"
		 "  STATE     ok, missing, note or unseen\n"
		 "  FINDING   what was found\n"
		 "  COMMAND   what to type where something is missing\n",
	.run = run,
};
