// SPDX-License-Identifier: GPL-2.0-or-later
#include "catalog_install.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../config/config.h"
#include "../catalog_option.h"
#include "../cli.h"
#include "../engine_open.h"

static bool is_plain(const char *name)
{
	return *name && *name != '.' && strlen(name) < 200 &&
		!name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "._-+:~")];
}

static int take_from(const struct digsig_config *config, const char *config_name, const char *name,
	struct catalog_installation *place)
{
	if (!config->signing_key || !config->catalogs) {
		complain("%s: there is no %s in [engine]: nothing is signed on this machine",
			config_name, config->signing_key ? "catalogs" : "signing-key");
		return EXIT_USAGE;
	}
	place->key = strdup(config->signing_key);
	if (place->key &&
		asprintf(&place->path, "%s/%s" CATALOG_SUFFIX, config->catalogs, name) >= 0)
		return EXIT_OK;
	free(place->key);
	complain("%s", strerror(ENOMEM));
	return EXIT_ERROR;
}

int catalog_installation_find(
	const char *config_file, const char *name, struct catalog_installation *place)
{
	struct config_problem problem;
	struct digsig_config config;
	int code;

	if (!is_plain(name))
		return usage_error("--install %s: a name of letters, digits and ._-+:~", name);
	if (config_load(config_file, &config, &problem)) {
		complain("%s", problem.text);
		return EXIT_ERROR;
	}
	code = take_from(&config, config_file ? config_file : CONFIG_FILE, name, place);
	config_free(&config);
	return code;
}

void catalog_installation_free(struct catalog_installation *place)
{
	free(place->key);
	free(place->path);
}

int catalog_installation_load(const struct catalog_installation *place, bool quiet)
{
	struct catalog_list list = { 0 };
	struct catalog_load load;
	struct engine engine;
	int code, err = engine_open(&engine);

	if (err == -ENOENT) {
		if (!quiet)
			puts("the engine does not run: it is loaded when that starts");
		return EXIT_OK;
	}
	if (err) {
		complain("%s: not loaded: %s", place->path, strerror(-err));
		return EXIT_ERROR;
	}
	code = catalog_list_add_or_complain(&list, place->path);
	if (!code)
		code = catalog_list_load(&list, &engine, &load);
	if (!code && !quiet)
		printf("%" PRIu64 " digests loaded, %" PRIu64 " of them new\n",
			(uint64_t)load.digests, (uint64_t)load.changed);
	catalog_list_free(&list);
	engine_close(&engine);
	return code;
}
