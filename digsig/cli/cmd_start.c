// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "../enforce/bring_up.h"
#include "../enforce/preflight.h"
#include "catalog_option.h"
#include "cli.h"
#include "engine_words.h"
#include "policy_option.h"
#include "trust_option.h"

static const char help[] =
	"usage: digsig start [--trust CERT|DIR] [OPTION...]\n"
	"Loads the engine into the running kernel. It stays there without any process. Without\n"
	"--trust, what is to be enforced stands in /etc/digsig/digsig.conf: see digsig.conf(5).\n\n"
	"  --config FILE      read FILE instead; what is given here as an option wins\n"
	"  --trust CERT|DIR   certificates whose keys may vouch for code; may be repeated\n"
	"  --expiry WHAT      of certificates that are expired or not valid yet: warn (default),\n"
	"                     ignore, or refuse to load them\n"
	"  --mode MODE        monitor (default): everything runs, what is not signed is logged\n"
	"                     permissive: unsigned code runs and is logged, a bad signature is denied\n"
	"                     enforcing: only what a trusted key signed runs\n"
	"  --scope SCOPE=on|off\n"
	"                     judge this or not: exec, mmap, mprotect, scripts, modules, kexec\n"
	"                     (all on), firmware (off); may be repeated\n"
	"  --wx WX            memory that is writable and executable: allow, audit (default), deny\n"
	"  --catalog FILE|DIR a catalog, or all of a folder, to load before the mode is set; may be\n"
	"                     repeated\n"
	"  --max-files N      room for that many trusted files at a time (65536; if the catalogs\n"
	"                     need more, theirs and 8192)\n"
	"  --boot             do nothing if the engine runs, or if digsig=off is on the kernel's\n"
	"                     command line\n"
	"  --force            enforce even if digsig itself is not signed and could not run any more\n"
	"  -q, --quiet        print nothing if all is well\n"
	"  -h, --help\n";

struct start_request {
	const char *config_file;
	struct digsig_config config; /* what counts in the end */
	struct bring_up_trust trust; /* of the command line; then the configuration's */
	unsigned int mode, max_files; /* of the command line; 0: not given */
	/* What the command line makes of no scope at all, and of every one. */
	struct engine_policy all_off, all_on;
	bool has_wx; /* in all_on */
	unsigned int expiry;
	bool has_expiry;
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
	if (request->mode)
		config->mode = request->mode;
	if (request->max_files)
		config->max_files = request->max_files;
	config->scopes = (config->scopes & request->all_on.scopes) | request->all_off.scopes;
	if (request->has_wx)
		config->wx = request->all_on.wx;
	if (request->has_expiry)
		config->expiry = request->expiry;
	if (trust_from_config(config, &request->trust, &problem))
		return complain_about_start(&problem);
	return settle_trust(request);
}

static int start(const struct start_request *request)
{
	size_t certificates = trust_store_count(request->trust.store);
	struct bring_up_problem problem;
	int err = engine_bring_up(&request->config, &request->trust, request->forced, &problem);

	if (err == -EEXIST && request->at_boot) /* by the initramfs */
		return engine_catch_up(&problem) ? complain_about_start(&problem) : EXIT_OK;
	if (err)
		return complain_about_start(&problem);
	if (!request->quiet)
		printf("digsig: %s, %zu trusted certificate%s\n",
			engine_mode_name(request->config.mode), certificates,
			certificates == 1 ? "" : "s");
	return EXIT_OK;
}

static int parse_max_files(const char *text, unsigned int *max_files)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || *end || end == text || *text == '-' || number == 0 || number > BRING_UP_ROOM_MAX)
		return usage_error("start", "--max-files %s: a number from 1 to %d", text, BRING_UP_ROOM_MAX);
	*max_files = (unsigned int)number;
	return EXIT_OK;
}

static int parse_scope(struct start_request *request, const char *assignment)
{
	int status = policy_option_scope("start", assignment, &request->all_off);

	return status == EXIT_OK ? policy_option_scope("start", assignment, &request->all_on) :
				   status;
}

static int parse_option(struct start_request *request, int option)
{
	switch (option) {
	case 'F':
		request->config_file = optarg;
		return EXIT_OK;
	case 't':
		return trust_option_add(&request->trust.store, optarg);
	case 'e':
		request->has_expiry = true;
		return trust_option_expiry("start", optarg, &request->expiry);
	case 'm':
		request->mode = parse_mode("start", optarg);
		return request->mode ? EXIT_OK : EXIT_USAGE;
	case 's':
		return parse_scope(request, optarg);
	case 'w':
		request->has_wx = true;
		return policy_option_wx("start", optarg, &request->all_on);
	case 'c':
		return catalog_list_add_or_complain(&request->trust.catalogs, optarg);
	case 'n':
		return parse_max_files(optarg, &request->max_files);
	case 'b':
		request->at_boot = true;
		return EXIT_OK;
	case 'f':
		request->forced = true;
		return EXIT_OK;
	case 'q':
		request->quiet = true;
		return EXIT_OK;
	}
	return EXIT_USAGE;
}

int cmd_start(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "config", required_argument, NULL, 'F' },
		{ "trust", required_argument, NULL, 't' },
		{ "expiry", required_argument, NULL, 'e' },
		{ "mode", required_argument, NULL, 'm' },
		{ "scope", required_argument, NULL, 's' },
		{ "wx", required_argument, NULL, 'w' },
		{ "catalog", required_argument, NULL, 'c' },
		{ "max-files", required_argument, NULL, 'n' },
		{ "boot", no_argument, NULL, 'b' },
		{ "force", no_argument, NULL, 'f' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct start_request request = { .all_on.scopes = ~0u };
	int option, status = EXIT_OK;

	while (status == EXIT_OK &&
		(option = getopt_long(argc, argv, "qh", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			goto out;
		}
		status = parse_option(&request, option);
	}
	if (status == EXIT_OK && optind < argc)
		status = usage_error("start", "%s: what is this?", argv[optind]);
	if (status == EXIT_OK && request.at_boot && boot_is_switched_off()) {
		if (!request.quiet)
			puts("digsig: digsig=off is on the kernel's command line: not started");
		goto out;
	}
	if (status == EXIT_OK)
		status = settle(&request);
	if (status == EXIT_OK)
		status = start(&request);
out:
	bring_up_trust_free(&request.trust);
	config_free(&request.config);
	return status;
}
