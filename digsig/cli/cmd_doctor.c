// SPDX-License-Identifier: GPL-2.0-or-later
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "../enforce/doctor.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "cli.h"
#include "flags.h"

static const char help[] =
	"usage: digsig doctor [--json] [--no-color]\n"
	"Says whether this kernel can enforce: what the engine needs, a line each, and what to type\n"
	"where something is missing. Changes nothing. Exit code 0: it can; 1: it cannot, or not\n"
	"everything could be seen.\n\n"
	"  --json      one JSON object\n"
	"  --no-color  no colour (also: NO_COLOR)\n"
	"  -h, --help\n";

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

int cmd_doctor(int argc, char **argv)
{
	struct doctor_finding findings[DOCTOR_FINDINGS_MAX];
	bool json = false, no_colour = false;
	const struct flag flags[] = { { "json", 0, &json }, { "no-color", 0, &no_colour }, { 0 } };
	size_t count;
	int code;

	if (!flags_take(argc, argv, help, flags, 0, &code))
		return code;
	count = doctor_examine(findings);
	if (json)
		print_json(findings, count);
	else
		print_findings(findings, count, colour_wanted(no_colour));
	return conclude(findings, count) == ANSWER_YES ? EXIT_OK : EXIT_ERROR;
}
