// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_status.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include "../../../lib/file/read_small.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../../config/config.h"
#include "../../fleet/handover.h"

#define REPORT_MAX ((size_t)64 << 10)

static struct json_object *read_report(void)
{
	char *text = malloc(REPORT_MAX + 1);
	struct json_object *report = NULL;
	size_t size;

	if (text && !file_read_small(AT_FDCWD, FLEET_REPORT, text, REPORT_MAX, &size))
		report = json_tokener_parse(text);
	free(text);
	if (json_object_is_type(report, json_type_object))
		return report;
	json_object_put(report);
	return NULL;
}

struct json_object *fleet_status_read(void)
{
	struct json_object *report = read_report();
	struct config_problem problem;
	struct digsig_config config;

	if (config_load(NULL, &config, &problem))
		return report;
	/* What digsigd said when the machine was of a fleet is not of today. */
	if (report && !config.fleet_group) {
		json_object_put(report);
		report = NULL;
	}
	if (!report && config.fleet_group) {
		report = json_object_new_object();
		json_add_string(report, "configured_group", config.fleet_group);
		json_add_string(report, "problem", "digsigd has not reported: does it run?");
	}
	config_free(&config);
	return report;
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, name, &value);
	return value;
}

/* Text that a terminal may show, to be freed; NULL: there is none. */
static char *text_of(struct json_object *object, const char *name)
{
	struct json_object *value = member(object, name);

	return json_object_is_type(value, json_type_string) ? safe_text(json_object_get_string(value)) : NULL;
}

static void print_manifest(struct json_object *fleet, const char *what, const char *title, fact_printer *print_fact)
{
	struct json_object *manifest = member(fleet, what);
	char *name, *until;

	if (!manifest)
		return;
	name = text_of(manifest, "name");
	until = text_of(manifest, "valid_until");
	print_fact(title, "%s %s, sequence %lld, valid until %s", what, name ? name : "?",
		(long long)json_object_get_int64(member(manifest, "sequence")), until ? until : "?");
	free(name);
	free(until);
}

static void print_text(struct json_object *object, const char *name, const char *words, fact_printer *print_fact)
{
	char *text = text_of(object, name);

	if (text)
		print_fact("", "%s%s", words, text);
	free(text);
}

static void print_waiting(struct json_object *fleet, fact_printer *print_fact)
{
	struct json_object *list = member(fleet, "at_next_start");
	char words[256] = "";

	if (!json_object_is_type(list, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		const char *word = json_object_get_string(json_object_array_get_idx(list, i));

		if (!word || strlen(words) + strlen(word) + 3 > sizeof(words))
			break;
		strcat(words, *words ? ", " : "");
		strcat(words, word);
	}
	if (*words) {
		char *safe = safe_text(words);

		print_fact("", "at the next start of the engine: %s", safe ? safe : "?");
		free(safe);
	}
}

static void print_refused(struct json_object *fleet, fact_printer *print_fact)
{
	struct json_object *refused = member(fleet, "refused");
	struct json_object *sequence = member(refused, "sequence");
	char *reason, *what;

	if (!refused)
		return;
	reason = text_of(refused, "reason");
	what = text_of(refused, "what");
	if (sequence)
		print_fact("", "refused: the state of the %s, sequence %lld: %s", what ? what : "?",
			(long long)json_object_get_int64(sequence), reason ? reason : "?");
	else
		print_fact("", "refused: the state of the %s: %s", what ? what : "?", reason ? reason : "?");
	free(reason);
	free(what);
}

void fleet_status_print(struct json_object *fleet, fact_printer *print_fact)
{
	char *group;

	if (!fleet)
		return;
	if (member(fleet, "group")) {
		print_manifest(fleet, "group", "fleet", print_fact);
	} else {
		group = text_of(fleet, "configured_group");
		print_fact("fleet", "group %s: no state of it has been taken", group ? group : "?");
		free(group);
	}
	print_manifest(fleet, "host", "", print_fact);
	print_text(fleet, "applied_at", "taken ", print_fact);
	if (json_object_get_boolean(member(fleet, "stale")))
		print_fact("", "stale: nobody has renewed it in time");
	if (json_object_get_boolean(member(fleet, "made_in_future")))
		print_fact("", "made later than it is by this machine's clock");
	print_waiting(fleet, print_fact);
	print_refused(fleet, print_fact);
	print_text(fleet, "problem", "", print_fact);
}
