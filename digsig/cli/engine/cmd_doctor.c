// SPDX-License-Identifier: GPL-2.0-or-later
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "../../enforce/doctor.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
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

static void print_findings(const struct doctor_finding *findings, size_t count, bool colour)
{
	static const char *const answers[] = {
		[ANSWER_YES] = "this kernel can enforce",
		[ANSWER_NO] = "this kernel cannot enforce as it is",
		[ANSWER_PERHAPS] = "not everything could be seen: run it as root",
	};

	for (size_t i = 0; i < count; i++) {
		const struct doctor_finding *finding = &findings[i];

		printf("%-11s%s%-8s%s ", finding->name, colour ? tint(finding->state) : "",
			doctor_state_name(finding->state), colour ? "\033[0m" : "");
		print_safely(stdout, finding->text);
		putchar('\n');
		if (*finding->command && !strstr(finding->text, finding->command))
			printf("%-19s %s\n", "", finding->command);
	}
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

struct doctor_settings {
	bool json, no_colour;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object",
		OPTION_FIELD(struct doctor_settings, json) },
	{ OPTION_FLAG, 0, "no-color", NULL, "no colour (also: NO_COLOR)",
		OPTION_FIELD(struct doctor_settings, no_colour) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct doctor_finding findings[DOCTOR_FINDINGS_MAX];
	struct doctor_settings settings = { 0 };
	size_t count;
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	count = doctor_examine(findings);
	if (settings.json)
		print_json(findings, count);
	else
		print_findings(findings, count, colour_wanted(settings.no_colour));
	return conclude(findings, count) == ANSWER_YES ? EXIT_OK : EXIT_ERROR;
}

const struct command doctor_command = {
	.name = "doctor",
	.summary = "say whether this kernel can enforce, and what is missing",
	.usage = "[--json] [--no-color]",
	.about = "Says whether this kernel can enforce: what the engine needs, a line each, and what to type\n"
		 "where something is missing. Changes nothing. Exit code 0: it can; 1: it cannot, or not\n"
		 "everything could be seen.\n",
	.options = options,
	.run = run,
};
