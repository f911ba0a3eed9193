// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "../../../lib/text/text.h"
#include "../../enforce/bring_up.h"
#include "../../enforce/preflight.h"
#include "../catalog_option.h"
#include "../cli.h"
#include "../engine_open.h"
#include "policy_option.h"
#include "../trust_option.h"

struct start_request {
	const char *config_file;
	struct digsig_config config; /* what counts in the end */
	struct bring_up_trust trust; /* of the command line; then the configuration's */
	unsigned int mode, max_files; /* of the command line; 0: not given */
	__u64 max_file_size; /* the same */
	/* What the command line makes of no scope at all, and of every one. */
	struct engine_policy all_off, all_on;
	unsigned int wx, expiry; /* of the command line; OPTION_NOT_GIVEN */
	bool at_boot, forced, quiet;
};

static int complain_about_start(const struct bring_up_problem *problem)
{
	/* Everything that is missing, each in a line of its own. */
	for (unsigned int bit = 1; bit && bit <= problem->lacks; bit <<= 1)
		if (problem->lacks & bit)
			complain("start: %s", preflight_remedy(bit));
	if (!problem->lacks)
		complain("start: %s", problem->text);
	return problem->verdict ? verdict_exit_code(problem->verdict) : EXIT_ERROR;
}

/* An engine without any certificate would deny all. */
static int settle_trust(const struct start_request *request)
{
	struct trust_store *store = request->trust.store;
	int code = trust_option_settle(store, request->config.expiry, false);

	return code || trust_store_count(store) ? code : EXIT_ERROR;
}

/* The configuration, and over it the command line. */
static int settle(struct start_request *request)
{
	struct digsig_config *config = &request->config;
	struct bring_up_problem problem;
	struct config_problem wrong;
	int err;

	if (request->trust.store && !request->config_file)
		err = config_parse("", "", 0, config, &wrong);
	else
		err = config_load(request->config_file, config, &wrong);
	if (err) {
		complain("%s", wrong.text);
		return EXIT_ERROR;
	}
	fleet_from_config(config, &request->trust);
	if (request->mode)
		config->mode = request->mode;
	if (request->max_files)
		config->max_files = request->max_files;
	if (request->max_file_size)
		config->max_file_size = request->max_file_size;
	config->scopes = (config->scopes & request->all_on.scopes) | request->all_off.scopes;
	if (request->wx != OPTION_NOT_GIVEN)
		config->wx = request->wx;
	if (request->expiry != OPTION_NOT_GIVEN)
		config->expiry = request->expiry;
	if (trust_from_config(config, &request->trust, &problem))
		return complain_about_start(&problem);
	if (*request->trust.fleet.problem)
		complain("fleet: %s", request->trust.fleet.problem);
	return settle_trust(request);
}

/* It goes on running, whatever the mode. */
static void say_running(const struct running_code *running)
{
	printf("digsig: %zu of %zu files that run already are not ok, for example ",
		running->not_ok, running->files);
	print_safely(stdout, running->first_not_ok);
	printf(": they go on running: see digsig log\n");
}

static int start(const struct start_request *request)
{
	size_t certificates = trust_store_count(request->trust.store);
	struct bring_up_problem problem;
	struct running_code running;
	int err = engine_bring_up(
		&request->config, &request->trust, request->forced, &running, &problem);

	if (err == -EEXIST && request->at_boot) /* by the initramfs */
		return engine_catch_up(&problem) ? complain_about_start(&problem) : EXIT_OK;
	if (err)
		return complain_about_start(&problem);
	if (*problem.text)
		complain("fleet: %s", problem.text);
	if (!request->quiet)
		printf("digsig: %s, %zu trusted certificate%s\n",
			engine_mode_name(request->config.mode), certificates,
			certificates == 1 ? "" : "s");
	if (!request->quiet && running.not_ok)
		say_running(&running);
	return EXIT_OK;
}

static int take_scope(void *settings, char *assignment)
{
	struct start_request *request = settings;
	int status = policy_option_scope(assignment, &request->all_off);

	return status == EXIT_OK ? policy_option_scope(assignment, &request->all_on) : status;
}

static int take_max_file_size(void *size, char *text)
{
	if (config_parse_bytes(text, size))
		return EXIT_OK;
	return usage_error("--max-file-size %s: " CONFIG_BYTES_RULE, text);
}

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "config", "FILE", "read FILE instead; what is given here as an option wins",
		OPTION_FIELD(struct start_request, config_file), .offer = OFFER_FILES },
	{ OPTION_CALL, 0, "trust", "CERT|DIR",
		"certificates whose keys may vouch for code; may be repeated",
		OPTION_FIELD(struct start_request, trust.store), .take = trust_option_take,
		.offer = OFFER_FILES },
	{ OPTION_WORD, 0, "expiry", "WHAT",
		"of certificates that are expired or not valid yet: warn (default), ignore, or refuse to "
		"load them",
		OPTION_FIELD(struct start_request, expiry), .words = expiry_words },
	{ OPTION_WORD, 0, "mode", "MODE",
		"monitor (default): everything runs, what is not signed is logged; permissive: unsigned "
		"code runs and is logged, a bad signature is denied; enforcing: only what a trusted key "
		"signed runs",
		OPTION_FIELD(struct start_request, mode), .words = mode_words },
	{ OPTION_CALL, 0, "scope", "SCOPE=on|off",
		"judge this or not: exec, mmap, mprotect, scripts, modules, kexec (all on), firmware "
		"(off); may be repeated",
		.take = take_scope, .words = scope_words },
	{ OPTION_WORD, 0, "wx", "WX",
		"memory that is writable and executable: allow, audit (default), deny",
		OPTION_FIELD(struct start_request, wx), .words = wx_words },
	{ OPTION_CALL, 0, "catalog", "FILE|DIR",
		"a catalog, or all catalogs of a folder, to load before the mode is set; may be repeated",
		OPTION_FIELD(struct start_request, trust.catalogs), .take = catalog_option_take,
		.offer = "*.catalog" },
	{ OPTION_NUMBER, 0, "max-files", "N",
		"room for that many trusted files at a time (65536; if the catalogs need more, theirs and "
		"8192)",
		OPTION_FIELD(struct start_request, max_files), .least = 1, .most = BRING_UP_ROOM_MAX },
	{ OPTION_CALL, 0, "max-file-size", "SIZE",
		"a larger file is not hashed and counts as unsigned (4G)",
		OPTION_FIELD(struct start_request, max_file_size), .take = take_max_file_size },
	{ OPTION_FLAG, 0, "boot", NULL,
		"do nothing if the engine runs, or if digsig=off is on the kernel's command line",
		OPTION_FIELD(struct start_request, at_boot) },
	{ OPTION_FLAG, 0, "force", NULL,
		"enforce even if digsig itself would be refused from then on",
		OPTION_FIELD(struct start_request, forced) },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print nothing if all is well",
		OPTION_FIELD(struct start_request, quiet) },
	{ 0 },
};

static int start_unless_off(struct start_request *request)
{
	int status;

	if (request->at_boot && boot_is_switched_off()) {
		if (!request->quiet)
			puts("digsig: digsig=off is on the kernel's command line: not started");
		return EXIT_OK;
	}
	status = settle(request);
	return status == EXIT_OK ? start(request) : status;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct start_request request = { .all_on.scopes = ~0U, .wx = OPTION_NOT_GIVEN, .expiry = OPTION_NOT_GIVEN };
	int status;

	if (options_take(command, &argc, &argv, &request, &status))
		status = start_unless_off(&request);
	bring_up_trust_free(&request.trust);
	config_free(&request.config);
	return status;
}

const struct command start_command = {
	.name = "start",
	.summary = "load the engine into the running kernel",
	.usage = "[--trust CERT|DIR] [OPTION...]",
	.about = "Loads the engine into the running kernel. It stays there without any process. Without\n"
		 "--trust, what is to be enforced stands in /etc/digsig/digsig.conf: see digsig.conf(5).\n",
	.options = options,
	.run = run,
};
