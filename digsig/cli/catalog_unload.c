// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include "../enforce/self_check.h"
#include "catalog_commands.h"
#include "catalog_option.h"
#include "cli.h"
#include "engine_words.h"

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

int catalog_unload_command(int argc, char **argv)
{
	static const struct option options[] = {
		{ "force", no_argument, NULL, 'f' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct catalog_list list = { 0 };
	bool forced = false, quiet = false;
	int option, code;

	while ((option = getopt_long(argc, argv, "qh", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			forced = true;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			return catalog_help();
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return usage_error("catalog", "unload: no file");
	code = catalog_list_add_all(&list, argv + optind, argc - optind);
	if (!code)
		code = unload(&list, forced, quiet);
	catalog_list_free(&list);
	return code;
}
