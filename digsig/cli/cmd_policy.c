// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "../enforce/scopes.h"
#include "cli.h"
#include "engine_words.h"
#include "policy_option.h"

static const char help[] =
	"usage: digsig policy [--json] [--wx allow|audit|deny] [SCOPE=on|off...]\n"
	"Shows what the engine judges, or changes it.\n\n"
	"  --wx WX     memory that is writable and executable: allow, audit (log), deny\n"
	"  --json      show one JSON object\n"
	"  -h, --help\n\n"
	"The scopes are exec, mmap, mprotect, scripts, modules, firmware and kexec.\n";

static void print_policy(const struct engine_policy *policy)
{
	printf("%-10s%s\n", "wx", wx_name(policy->wx));
	for (unsigned int bit = 0; scope_name(bit); bit++)
		printf("%-10s%s\n", scope_name(bit), policy->scopes & 1u << bit ? "on" : "off");
}

static void print_json(const struct engine_policy *policy)
{
	struct json_object *object = json_object_new_object();
	struct json_object *list = json_object_new_object();

	json_object_object_add(object, "wx", json_object_new_string(wx_name(policy->wx)));
	for (unsigned int bit = 0; scope_name(bit); bit++)
		json_object_object_add(list, scope_name(bit),
			json_object_new_boolean((policy->scopes & 1u << bit) != 0));
	json_object_object_add(object, "scope", list);
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

static int change_policy(struct engine *engine, const struct engine_policy *policy)
{
	int err = engine_set_policy(engine, policy);

	if (err == -EPERM)
		complain("policy: the engine is locked: until a reboot it only gets stricter");
	else if (err)
		complain("policy: %s", strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

/* The arguments over what the engine has now: a wrong one changes nothing. */
static int apply(struct engine *engine, const char *wx, char **assignments, bool json)
{
	struct digsig_status now;
	struct engine_policy policy;
	int status = read_status_or_complain(engine, &now);

	if (status != EXIT_OK)
		return status;
	policy = (struct engine_policy){ now.settings.scopes, now.settings.wx };
	if (!wx && !*assignments) {
		if (json)
			print_json(&policy);
		else
			print_policy(&policy);
		return EXIT_OK;
	}
	if (wx)
		status = policy_option_wx("policy", wx, &policy);
	while (status == EXIT_OK && *assignments)
		status = policy_option_scope("policy", *assignments++, &policy);
	return status == EXIT_OK ? change_policy(engine, &policy) : status;
}

int cmd_policy(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "wx", required_argument, NULL, 'w' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct engine_policy checked = ENGINE_POLICY_DEFAULT;
	const char *wx = NULL;
	struct engine engine;
	int option, status = EXIT_OK;
	bool json = false;

	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		switch (option) {
		case 'w':
			wx = optarg;
			break;
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
	/* A mistake is one, whether the engine runs or not. */
	if (wx)
		status = policy_option_wx("policy", wx, &checked);
	for (int i = optind; status == EXIT_OK && i < argc; i++)
		status = policy_option_scope("policy", argv[i], &checked);
	if (status == EXIT_OK)
		status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	status = apply(&engine, wx, argv + optind, json);
	engine_close(&engine);
	return status;
}
