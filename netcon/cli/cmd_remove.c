// SPDX-License-Identifier: GPL-2.0-or-later
/* netcon remove: takes netconsole targets away. */
#include <errno.h>
#include <stdio.h>
#include "../target/record.h"
#include "../target/target.h"
#include "cli.h"

struct remove_settings {
	bool is_persisted;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "persisted", NULL, "remove it from " RECORD_FOLDER ", too",
		OPTION_FIELD(struct remove_settings, is_persisted) },
	{ 0 },
};

static int remove_one(const char *name, bool is_persisted)
{
	struct target_problem problem;
	bool has_record = is_persisted && target_name_is_good(name) && record_exists(RECORD_FOLDER, name);
	int err = target_remove(TARGET_ROOT, name, &problem), code = EXIT_OK;

	/* One that was only kept is removed as a whole by that. */
	if (err && !(err == -ENOENT && has_record)) {
		complain("%s: %s", name, problem.text);
		code = EXIT_ERROR;
	}
	if (has_record && record_remove(RECORD_FOLDER, name, &problem)) {
		complain("%s", problem.text);
		code = EXIT_ERROR;
	}
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct remove_settings settings = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	for (int i = 0; i < argc; i++)
		if (remove_one(argv[i], settings.is_persisted))
			code = EXIT_ERROR;
	return code;
}

const struct command remove_command = {
	.name = "remove",
	.summary = "take targets away",
	.usage = "[OPTION...] NAME...",
	.about = "Disables netconsole targets of the kernel, and takes them away.\n",
	.options = options,
	.notes = "Exit codes: 0 all are removed; 2 usage; 3 one is not.\n",
	.run = run,
	.arguments = "NAME",
	.most = ARGUMENTS_ANY,
};
