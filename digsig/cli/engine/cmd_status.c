// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include "../../enforce/keyring.h"
#include "../../enforce/missed_calls.h"
#include "../../enforce/posture.h"
#include "../../enforce/scopes.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../../../lib/text/wrap.h"
#include "../cli.h"
#include "../engine_open.h"
#include "../fanotify/fanotify_print.h"
#include "fleet_status.h"

struct facts {
	bool is_running;
	struct digsig_status engine;
	int certificates; /* negative: the keyring is gone */
	int missed_error; /* missed_calls is not known */
	__u64 missed_calls;
	struct utsname host;
	struct posture_item posture[POSTURE_COUNT];
	struct json_object *fleet; /* NULL: the machine is of none */
};

#define WIDTH 80
#define INDENT 12

static void print_fact(const char *title, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void print_fact(const char *title, const char *format, ...)
{
	va_list arguments;
	char *text;

	printf("%-*s", INDENT, title);
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) >= 0) {
		print_wrapped(stdout, text, INDENT, WIDTH);
		free(text);
	}
	va_end(arguments);
}

static void print_list(const char *title, const char *const *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		print_fact(i ? "" : title, "%s", items[i]);
}

static const char *explain_mode(unsigned int mode)
{
	switch (mode) {
	case DIGSIG_MODE_MONITOR:
		return "monitor: everything runs, what is not ok is logged";
	case DIGSIG_MODE_PERMISSIVE:
		return "permissive: a bad signature is denied, unsigned code runs and is logged";
	case DIGSIG_MODE_ENFORCING:
		return "enforcing: only what a trusted key signed runs";
	}
	return "?";
}

static void print_trust(const struct facts *facts)
{
	if (facts->certificates < 0)
		print_fact("trust", "the keyring is gone: nothing new can be verified%s",
			facts->engine.settings.is_locked ? " until the machine restarts" :
							   ": digsig stop, digsig start");
	else
		print_fact("trust", "%d certificate%s in a closed keyring", facts->certificates,
			facts->certificates == 1 ? "" : "s");
	print_fact("", "%llu files known, of %llu that there is room for",
		(unsigned long long)facts->engine.settings.trusted_count,
		(unsigned long long)facts->engine.trusted_capacity);
}

static void print_engine(const struct facts *facts)
{
	const struct digsig_settings *settings = &facts->engine.settings;
	const struct digsig_counters *counters = &facts->engine.counters;
	const char *words[SCOPE_WORDS_MAX];
	char since[32];

	print_time(since, settings->start_time);
	print_fact("mode", "%s", explain_mode(settings->mode));
	print_fact("", "since %s", since);
	print_fact("lock", "%s",
		settings->is_locked ?
			"locked: until the machine restarts nobody stops or weakens it" :
			"not locked: root can stop it: see digsig lock");
	print_list("judged", words, scopes_judged(settings, words));
	print_list("not judged", words, scopes_not_judged(settings, words));
	print_trust(facts);
	print_fact("decisions", "%llu, of them %llu from the cache, %llu denied",
		(unsigned long long)counters->judged, (unsigned long long)counters->cached,
		(unsigned long long)counters->denied);
	print_fact("", "%llu files hashed, %llu signatures checked",
		(unsigned long long)counters->hashed,
		(unsigned long long)counters->signature_checks);
	print_fact("before", "%u files ran when it started, %u of them not ok%s",
		settings->ran_files, settings->ran_not_ok,
		settings->ran_not_ok ? ": nothing stops them until they end: see digsig log" : "");
	if (facts->missed_error)
		print_fact("missed",
			"how many calls the kernel did not pass to the engine is not known: %s",
			settings->is_locked ? "a locked engine lets nobody look" :
					      strerror(-facts->missed_error));
	else
		print_fact("missed", "%llu calls that the kernel did not pass to the engine%s",
			(unsigned long long)facts->missed_calls,
			facts->missed_calls ? ": a fault: what they asked about was not judged" : "");
	print_fact("events", "%llu lost, because nobody read the log in time",
		(unsigned long long)settings->events_lost);
}

/* What stands open is marked, so that it can be found without reading. */
static void print_posture(const struct facts *facts)
{
	print_fact("kernel", "Linux %s", facts->host.release);
	puts("host        what the machine itself lets root do; ! stands open, ? is not known");
	for (size_t i = 0; i < POSTURE_COUNT; i++) {
		const struct posture_item *item = &facts->posture[i];

		printf("  %c %-20s %-12s ",
			item->grade == POSTURE_OPEN		? '!' :
				item->grade == POSTURE_UNKNOWN ? '?' :
								  ' ',
			item->title, item->value);
		print_wrapped(stdout, item->meaning, 38, WIDTH);
	}
}

static void add_engine(struct json_object *object, const struct facts *facts)
{
	const struct digsig_settings *settings = &facts->engine.settings;
	const struct digsig_counters *counters = &facts->engine.counters;
	const char *words[SCOPE_WORDS_MAX];
	char since[32];

	print_time(since, settings->start_time);
	json_add_string(object, "mode", engine_mode_name(settings->mode));
	json_add_flag(object, "locked", settings->is_locked);
	json_add_string(object, "since", since);
	json_add_list(object, "judged", words, scopes_judged(settings, words));
	json_add_list(object, "not_judged", words, scopes_not_judged(settings, words));
	json_object_object_add(
		object, "keyring_serial", json_object_new_int(settings->keyring_serial));
	json_object_object_add(object, "certificates",
		facts->certificates < 0 ? NULL : json_object_new_int(facts->certificates));
	json_add_number(object, "files_known", settings->trusted_count);
	json_add_number(object, "files_max", facts->engine.trusted_capacity);
	json_add_number(object, "decisions", counters->judged);
	json_add_number(object, "decisions_cached", counters->cached);
	json_add_number(object, "files_hashed", counters->hashed);
	json_add_number(object, "signatures_checked", counters->signature_checks);
	json_add_number(object, "denied", counters->denied);
	json_add_number(object, "events_lost", settings->events_lost);
	if (facts->missed_error)
		json_object_object_add(object, "calls_missed", NULL);
	else
		json_add_number(object, "calls_missed", facts->missed_calls);
	json_add_number(object, "files_at_start", settings->ran_files);
	json_add_number(object, "files_at_start_not_ok", settings->ran_not_ok);
}

static void add_posture(struct json_object *object, const struct facts *facts)
{
	struct json_object *posture = json_object_new_object();

	for (size_t i = 0; i < POSTURE_COUNT; i++) {
		const struct posture_item *item = &facts->posture[i];
		struct json_object *entry = json_object_new_object();

		json_add_string(entry, "value", item->value);
		json_add_string(entry, "grade", posture_grade_name(item->grade));
		json_add_string(entry, "meaning", item->meaning);
		json_object_object_add(posture, item->key, entry);
	}
	json_object_object_add(object, "posture", posture);
}

static void print_json(const struct facts *facts)
{
	struct json_object *object = json_object_new_object();

	json_add_flag(object, "running", facts->is_running);
	json_add_string(object, "kernel", facts->host.release);
	if (facts->is_running)
		add_engine(object, facts);
	add_posture(object, facts);
	json_object_object_add(object, "fleet", json_object_get(facts->fleet));
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

/* Also without an engine there is something to tell: its exit code is then the caller's. */
static int read_facts(struct facts *facts)
{
	struct engine engine;
	int status;

	uname(&facts->host);
	posture_read("/", facts->posture);
	facts->is_running = false;
	status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	status = read_status_or_complain(&engine, &facts->engine);
	engine_close(&engine);
	facts->is_running = status == EXIT_OK;
	/* Under the lock the question itself would be refused, and logged. */
	if (facts->is_running)
		facts->missed_error = facts->engine.settings.is_locked ?
			-EPERM :
			missed_calls_read(&facts->missed_calls);
	if (facts->is_running && facts->engine.settings.is_locked)
		posture_apply_lock(facts->posture);
	if (facts->is_running)
		facts->certificates = keyring_count(facts->engine.settings.keyring_serial);
	return status;
}

struct status_settings {
	bool json;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object",
		OPTION_FIELD(struct status_settings, json) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct status_settings settings = { 0 };
	struct facts facts;
	int status;

	if (!options_take(command, &argc, &argv, &settings, &status))
		return status;
	if (fanotify_is_alone()) {
		fanotify_print_status(settings.json);
		return EXIT_OK;
	}
	status = read_facts(&facts);
	facts.fleet = fleet_status_read();
	if (settings.json) {
		print_json(&facts);
	} else {
		if (facts.is_running)
			print_engine(&facts);
		fleet_status_print(facts.fleet, print_fact);
		print_posture(&facts);
	}
	json_object_put(facts.fleet);
	return status;
}

const struct command status_command = {
	.name = "status",
	.summary = "say what is enforced, and how much trust is loaded",
	.usage = "[--json]",
	.about = "Says what is enforced and what is not, how much trust is loaded, what the engine has done,\n"
		 "and what the machine itself lets root do. Exit code 3: the engine is not running; what the\n"
		 "machine allows is shown all the same.\n",
	.options = options,
	.run = run,
};
