// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include "../../../lib/text/text.h"
#include "catalog_commands.h"
#include "../catalog_option.h"
#include "../cli.h"
#include "../engine_open.h"
#include "../trust_option.h"

static int verify_one(const char *path, const struct trust_store *store, bool quiet)
{
	enum digsig_verdict verdict;
	struct catalog catalog;
	int code = catalog_read_or_complain(path, &catalog);

	if (code)
		return code;
	verdict = catalog_verify(&catalog, store, NULL);
	if (verdict != DIGSIG_VERDICT_OK) {
		code = complain_catalog_verdict(path, verdict);
	} else if (!quiet) {
		print_safely(stdout, path);
		printf(": ok, %" PRIu64 " digests\n", (uint64_t)catalog.count);
	}
	catalog_free(&catalog);
	return code;
}

struct verify_settings {
	struct trust_store *trust;
	bool is_quiet;
};

static const struct command_option verify_options[] = {
	{ OPTION_CALL, 0, "trust", "CERT|DIR", "certificates whose keys are trusted; may be repeated",
		OPTION_FIELD(struct verify_settings, trust), .take = trust_option_take,
		.offer = OFFER_FILES },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print only errors and warnings",
		OPTION_FIELD(struct verify_settings, is_quiet) },
	{ 0 },
};

static int verify(const struct verify_settings *settings, char **paths, int count)
{
	struct catalog_list list = { 0 };
	int code;

	if (!settings->trust)
		return usage_error("--trust is missing");
	code = trust_option_settle(settings->trust, CONFIG_EXPIRY_WARN, settings->is_quiet);
	if (!code)
		code = catalog_list_add_all(&list, paths, count);
	for (int i = 0; i < list.count; i++) {
		int failed = verify_one(list.paths[i], settings->trust, settings->is_quiet);

		code = code ? code : failed;
	}
	catalog_list_free(&list);
	return code;
}

static int run_verify(const struct command *command, int argc, char **argv)
{
	struct verify_settings settings = { 0 };
	int code;

	if (options_take(command, &argc, &argv, &settings, &code))
		code = verify(&settings, argv, argc);
	trust_store_free(settings.trust);
	return code;
}

static const struct command catalog_verify_command = {
	.name = "verify",
	.summary = "check catalogs against the trust",
	.usage = "--trust CERT|DIR [-q] FILE|DIR...",
	.about = "Checks that a trusted key signed each catalog. A folder means the *.catalog in it.\n",
	.options = verify_options,
	.run = run_verify,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = "*.catalog",
};

struct load_settings {
	bool is_quiet;
};

static const struct command_option load_options[] = {
	{ OPTION_FLAG, 'q', "quiet", NULL, "do not print the summary",
		OPTION_FIELD(struct load_settings, is_quiet) },
	{ 0 },
};

static int load_all(const struct catalog_list *list, bool quiet)
{
	struct catalog_load load;
	struct engine engine;
	int code = open_engine_or_complain(&engine);

	if (code)
		return code;
	code = catalog_list_load(list, &engine, &load);
	engine_close(&engine);
	if (!quiet)
		printf("%" PRIu64 " digests, %" PRIu64 " of them new\n", (uint64_t)load.digests,
			(uint64_t)load.changed);
	return code;
}

static int run_load(const struct command *command, int argc, char **argv)
{
	struct load_settings settings = { 0 };
	struct catalog_list list = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = catalog_list_add_all(&list, argv, argc);
	if (!code)
		code = load_all(&list, settings.is_quiet);
	catalog_list_free(&list);
	return code;
}

static const struct command catalog_load_command = {
	.name = "load",
	.summary = "hand catalogs to the running engine",
	.usage = "[-q] FILE|DIR...",
	.about = "Hands catalogs to the running engine, which checks them. A folder means the *.catalog in\n"
		 "it.\n",
	.options = load_options,
	.run = run_load,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = "*.catalog",
};

static const struct command *const subcommands[] = {
	&catalog_create_command,
	&catalog_sign_command,
	&catalog_verify_command,
	&catalog_show_command,
	&catalog_load_command,
	&catalog_unload_command,
	&catalog_diff_command,
	NULL,
};

const struct command catalog_command = {
	.name = "catalog",
	.summary = "sign lists of digests, for what cannot carry a block",
	.usage = "SUBCOMMAND [OPTION...] ARGUMENT...",
	.about = "A catalog is a signed list of SHA-256 digests of whole files, for what cannot carry a\n"
		 "signature block: scripts, kernel modules, firmware, files that must stay as they are.\n",
	.subcommands = subcommands,
};
