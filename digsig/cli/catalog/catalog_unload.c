// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include "../../enforce/self_check.h"
#include "catalog_commands.h"
#include "../catalog_option.h"
#include "../cli.h"
#include "../engine_open.h"

/* Enforcing without digsig, nobody could load anything again. */
static bool would_lose_itself(struct engine *engine, char *path, size_t size)
{
	struct digsig_status now;

	return !engine_read_status(engine, &now) &&
		now.settings.mode == DIGSIG_MODE_ENFORCING &&
		engine_allows_own_code(engine, path, size);
}

static int put_back(const struct catalog_list *list, struct engine *engine, const char *path)
{
	struct catalog_load load;
	int code = catalog_list_load(list, engine, &load);

	complain("%s, which digsig needs to run, would be refused without them: %s", path,
		code ? "they could not all be loaded again" :
		       "they are loaded as before: sign it, or use --force");
	return EXIT_ERROR;
}

static int unload(const struct catalog_list *list, bool forced, bool quiet)
{
	char path[PATH_MAX] = "digsig";
	struct catalog_load load;
	struct engine engine;
	int code = open_engine_or_complain(&engine);

	if (code)
		return code;
	code = catalog_list_unload(list, &engine, &load);
	if (load.changed && !forced && would_lose_itself(&engine, path, sizeof(path)))
		code = put_back(list, &engine, path);
	else if (!quiet)
		printf("%" PRIu64 " digests, %" PRIu64 " of them not trusted any more\n",
			(uint64_t)load.digests, (uint64_t)load.changed);
	engine_close(&engine);
	return code;
}

struct unload_settings {
	bool is_forced, is_quiet;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "force", NULL, "also if digsig itself could then not run any more",
		OPTION_FIELD(struct unload_settings, is_forced) },
	{ OPTION_FLAG, 'q', "quiet", NULL, "do not print the summary",
		OPTION_FIELD(struct unload_settings, is_quiet) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct unload_settings settings = { 0 };
	struct catalog_list list = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = catalog_list_add_all(&list, argv, argc);
	if (!code)
		code = unload(&list, settings.is_forced, settings.is_quiet);
	catalog_list_free(&list);
	return code;
}

const struct command catalog_unload_command = {
	.name = "unload",
	.summary = "take out of the engine what catalogs brought",
	.usage = "[-q] [--force] FILE|DIR...",
	.about = "Takes out of the engine again what catalogs brought, but what a catalog that was loaded\n"
		 "later, or a signature block, vouches for as well. Works when locked. A folder means the\n"
		 "*.catalog in it.\n",
	.options = options,
	.run = run,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = "*.catalog",
};
