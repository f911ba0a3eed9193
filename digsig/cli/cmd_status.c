// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include "../enforce/keyring.h"
#include "cli.h"
#include "engine_words.h"
#include "fanotify_words.h"
#include "text.h"

static const char help[] =
	"usage: digsig status [--json]\n"
	"Says what is enforced, how much trust is loaded, and what the engine has done.\n"
	"Exit code 3: the engine is not running.\n\n"
	"  --json      one JSON object\n"
	"  -h, --help\n";

/* What the engine judges, and what it leaves alone: keep true with digsig/kernel/digsig.bpf.c. */
static const char *const judged[] = {
	"programs and interpreters at exec",
	"loaders and libraries when mapped as code",
};
static const char *const not_judged[] = {
	"scripts (their interpreter is)",
	"memory made executable by mprotect",
	"what only asks whether it may be executed (AT_EXECVE_CHECK)",
	"kernel modules, firmware and kexec",
	"root stopping the engine",
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct engine_facts {
	struct digsig_settings settings;
	struct digsig_counters counters;
	struct utsname host;
	long capacity;
	int certificates;
};

static int read_facts(const struct engine *engine, struct engine_facts *facts)
{
	int err = engine_read_settings(engine, &facts->settings);

	if (!err)
		err = engine_read_counters(engine, &facts->counters);
	if (err)
		return err;
	facts->capacity = engine_trusted_capacity(engine);
	facts->certificates = keyring_count(facts->settings.keyring_serial);
	uname(&facts->host);
	return facts->capacity < 0 ? (int)facts->capacity : 0;
}

static void print_list(const char *title, const char *const *items, size_t count)
{
	printf("%-12s", title);
	for (size_t i = 0; i < count; i++)
		printf("%s%s", i ? "; " : "", items[i]);
	putchar('\n');
}

static void print_facts(const struct engine_facts *facts)
{
	const struct digsig_settings *settings = &facts->settings;
	const struct digsig_counters *counters = &facts->counters;
	char since[32];

	print_time(since, settings->start_time);
	printf("%-12s%s, since %s, on Linux %s\n", "mode", engine_mode_name(settings->mode), since,
		facts->host.release);
	print_list("judged", judged, COUNT_OF(judged));
	print_list("not judged", not_judged, COUNT_OF(not_judged));
	if (facts->certificates < 0)
		printf("%-12sthe keyring is gone: nothing new can be verified: digsig stop, "
		       "digsig start\n",
			"trust");
	else
		printf("%-12s%d certificate%s in a closed keyring; %llu of %ld files known\n",
			"trust", facts->certificates, facts->certificates == 1 ? "" : "s",
			(unsigned long long)settings->trusted_count, facts->capacity);
	printf("%-12s%llu, of them %llu from the cache; %llu files hashed, %llu signatures "
	       "checked, %llu denied\n",
		"decisions", (unsigned long long)counters->judged,
		(unsigned long long)counters->cached, (unsigned long long)counters->hashed,
		(unsigned long long)counters->signature_checks,
		(unsigned long long)counters->denied);
	printf("%-12s%llu\n", "events lost", (unsigned long long)settings->events_lost);
}

static void add_number(struct json_object *object, const char *name, __u64 number)
{
	json_object_object_add(object, name, json_object_new_uint64(number));
}

static void add_list(
	struct json_object *object, const char *name, const char *const *items, size_t count)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(list, json_object_new_string(items[i]));
	json_object_object_add(object, name, list);
}

static void print_json(const struct engine_facts *facts)
{
	struct json_object *object = json_object_new_object();
	char since[32];

	print_time(since, facts->settings.start_time);
	json_object_object_add(object, "running", json_object_new_boolean(true));
	json_object_object_add(
		object, "mode", json_object_new_string(engine_mode_name(facts->settings.mode)));
	json_object_object_add(object, "since", json_object_new_string(since));
	json_object_object_add(object, "kernel", json_object_new_string(facts->host.release));
	add_list(object, "judged", judged, COUNT_OF(judged));
	add_list(object, "not_judged", not_judged, COUNT_OF(not_judged));
	json_object_object_add(object, "keyring_serial",
		json_object_new_int(facts->settings.keyring_serial));
	json_object_object_add(object, "certificates",
		facts->certificates < 0 ? NULL : json_object_new_int(facts->certificates));
	add_number(object, "files_known", facts->settings.trusted_count);
	add_number(object, "files_max", (__u64)facts->capacity);
	add_number(object, "decisions", facts->counters.judged);
	add_number(object, "decisions_cached", facts->counters.cached);
	add_number(object, "files_hashed", facts->counters.hashed);
	add_number(object, "signatures_checked", facts->counters.signature_checks);
	add_number(object, "denied", facts->counters.denied);
	add_number(object, "events_lost", facts->settings.events_lost);
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

int cmd_status(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct engine_facts facts;
	struct engine engine;
	bool json = false;
	int option, status, err;

	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		switch (option) {
		case 'j':
			json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind < argc)
		return usage_error("status", "%s: what is this?", argv[optind]);
	if (fanotify_is_alone()) {
		fanotify_print_status(json);
		return EXIT_OK;
	}
	status = open_engine_or_complain(&engine);
	if (status == EXIT_NOT_RUNNING && json)
		puts("{\"running\":false}");
	if (status != EXIT_OK)
		return status;
	err = read_facts(&engine, &facts);
	engine_close(&engine);
	if (err) {
		complain("status: %s", strerror(-err));
		return EXIT_ERROR;
	}
	if (json)
		print_json(&facts);
	else
		print_facts(&facts);
	return EXIT_OK;
}
