// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "../../enforce/scopes.h"
#include "../cli.h"
#include "../engine_open.h"
#include "policy_option.h"

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
		complain("policy: the engine is locked: until a reboot its policy can only become stricter");
	else if (err)
		complain("policy: %s", strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

struct policy_settings {
	unsigned int wx;
	bool json;
};

static const struct command_option options[] = {
	{ OPTION_WORD, 0, "wx", "WX", "memory that is writable and executable: allow, audit (log), deny",
		OPTION_FIELD(struct policy_settings, wx), .words = wx_words },
	{ OPTION_FLAG, 0, "json", NULL, "show one JSON object", OPTION_FIELD(struct policy_settings, json) },
	{ 0 },
};

static int take_scopes(struct engine_policy *policy, char **assignments)
{
	int status = EXIT_OK;

	while (status == EXIT_OK && *assignments)
		status = policy_option_scope(*assignments++, policy);
	return status;
}

/* The arguments over what the engine has now: a wrong one changes nothing. */
static int apply(struct engine *engine, const struct policy_settings *settings, char **assignments)
{
	struct digsig_status now;
	struct engine_policy policy;
	int status = read_status_or_complain(engine, &now);

	if (status != EXIT_OK)
		return status;
	policy = (struct engine_policy){ now.settings.scopes, now.settings.wx };
	if (settings->wx == OPTION_NOT_GIVEN && !*assignments) {
		if (settings->json)
			print_json(&policy);
		else
			print_policy(&policy);
		return EXIT_OK;
	}
	if (settings->wx != OPTION_NOT_GIVEN)
		policy.wx = settings->wx;
	status = take_scopes(&policy, assignments);
	return status == EXIT_OK ? change_policy(engine, &policy) : status;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct policy_settings settings = { .wx = OPTION_NOT_GIVEN };
	struct engine_policy checked = ENGINE_POLICY_DEFAULT;
	struct engine engine;
	int status;

	if (!options_take(command, &argc, &argv, &settings, &status))
		return status;
	/* A mistake is one, whether the engine runs or not. */
	status = take_scopes(&checked, argv);
	if (status == EXIT_OK)
		status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	status = apply(&engine, &settings, argv);
	engine_close(&engine);
	return status;
}

const struct command policy_command = {
	.name = "policy",
	.summary = "show or set what is judged",
	.usage = "[--json] [--wx allow|audit|deny] [SCOPE=on|off...]",
	.about = "Shows what the engine judges, or changes it.\n",
	.options = options,
	.notes = "The scopes are exec, mmap, mprotect, scripts, modules, firmware and kexec.\n",
	.run = run,
	.most = ARGUMENTS_ANY,
	.words = scope_words,
};
