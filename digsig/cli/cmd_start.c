// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../enforce/preflight.h"
#include "catalog_option.h"
#include "cli.h"
#include "engine_words.h"
#include "policy_option.h"
#include "trust_option.h"

static const char help[] =
	"usage: digsig start --trust CERT|DIR [OPTION...]\n"
	"Loads the engine into the running kernel. It stays there without any process.\n\n"
	"  --trust CERT|DIR   certificates whose keys may vouch for code; may be repeated\n"
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
	"  --force            enforce even if digsig itself is not signed and could not run any more\n"
	"  -q, --quiet        print nothing if all is well\n"
	"  -h, --help\n";

/* Everything that is missing, each in a line of its own. */
static int complain_about_lacks(void)
{
	unsigned int lacks = preflight();

	for (unsigned int bit = 1; bit && bit <= lacks; bit <<= 1)
		if (lacks & bit)
			complain("start: %s", preflight_remedy(bit));
	return lacks ? EXIT_ERROR : EXIT_OK;
}

static void complain_about_certificate(const struct trust_store *trust, int index, int err)
{
	char subject[256] = "?";

	if (index >= 0)
		X509_NAME_oneline(
			X509_get_subject_name(trust_store_certificate(trust, (size_t)index)),
			subject, sizeof(subject));
	complain("start: the kernel does not take the certificate of %s: %s", subject,
		strerror(-err));
}

static int complain_about_failure(
	const struct engine_options *options, const struct engine_failure *failure, int err)
{
	char message[sizeof(failure->message) + 2];

	snprintf(message, sizeof(message), "%s%s", *failure->message ? ": " : "",
		failure->message);
	message[strcspn(message, "\n")] = 0;
	switch (failure->step) {
	case ENGINE_STEP_RUNNING:
		if (err == -EEXIST)
			complain("start: the engine is running already: see digsig status, "
				 "digsig mode, digsig stop");
		else
			complain("start: " DIGSIG_PIN_DIRECTORY ": %s", strerror(-err));
		break;
	case ENGINE_STEP_OPEN:
	case ENGINE_STEP_LOAD:
		complain("start: the kernel does not take the engine's program: %s%s",
			strerror(-err), message);
		break;
	case ENGINE_STEP_KEYRING:
		if (failure->certificate >= 0)
			complain_about_certificate(options->trust, failure->certificate, err);
		else
			complain("start: the keyring could not be made: %s", strerror(-err));
		break;
	case ENGINE_STEP_HASH:
		if (err == -ENOTSUP)
			complain("start: the kernel's IMA does not hash with SHA-256: put "
				 "ima_hash=sha256 on the kernel's command line");
		else
			complain("start: the engine could not be tried out: %s", strerror(-err));
		break;
	case ENGINE_STEP_SETTINGS:
	case ENGINE_STEP_ATTACH:
	case ENGINE_STEP_PIN:
	case ENGINE_STEP_BIND:
		complain("start: the engine could not be put in place: %s%s", strerror(-err),
			message);
		break;
	}
	return EXIT_ERROR;
}

/* What files are not in a catalog need room as well. */
#define USUAL_ROOM 65536
#define ROOM_BESIDE_CATALOGS 8192
#define ROOM_MAX 100000000

static void make_room(struct engine_options *options, const struct catalog_list *catalogs)
{
	__u64 count = catalog_list_count(catalogs);

	if (!options->max_trusted && count + ROOM_BESIDE_CATALOGS > USUAL_ROOM)
		options->max_trusted = count < ROOM_MAX - ROOM_BESIDE_CATALOGS ?
			(unsigned int)count + ROOM_BESIDE_CATALOGS :
			ROOM_MAX;
}

static int start(const struct engine_options *options, const struct catalog_list *catalogs,
	enum digsig_mode mode, bool forced)
{
	struct catalog_load load;
	struct engine_failure failure;
	struct engine engine;
	int err = engine_start(options, &failure), status;

	if (err)
		return complain_about_failure(options, &failure, err);
	status = open_engine_or_complain(&engine);
	if (status == EXIT_OK) {
		status = catalog_list_load(catalogs, &engine, &load);
		if (status == EXIT_OK)
			status = set_mode_or_complain(&engine, mode, forced);
		engine_close(&engine);
	}
	if (status != EXIT_OK)
		engine_stop();
	return status;
}

static int parse_max_files(const char *text, unsigned int *max_files)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || *end || end == text || *text == '-' || number == 0 || number > ROOM_MAX)
		return usage_error("start", "--max-files %s: a number from 1 to %d", text, ROOM_MAX);
	*max_files = (unsigned int)number;
	return EXIT_OK;
}

int cmd_start(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "trust", required_argument, NULL, 't' },
		{ "mode", required_argument, NULL, 'm' },
		{ "scope", required_argument, NULL, 's' },
		{ "wx", required_argument, NULL, 'w' },
		{ "catalog", required_argument, NULL, 'c' },
		{ "max-files", required_argument, NULL, 'n' },
		{ "force", no_argument, NULL, 'f' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	unsigned int mode = DIGSIG_MODE_MONITOR;
	struct engine_policy policy = ENGINE_POLICY_DEFAULT;
	struct engine_options options = { .policy = &policy };
	bool forced = false, quiet = false;
	struct trust_store *trust = NULL;
	struct catalog_list catalogs = { 0 };
	int option, status = EXIT_OK;

	while (status == EXIT_OK &&
		(option = getopt_long(argc, argv, "qh", long_options, NULL)) != -1) {
		switch (option) {
		case 't':
			status = trust_option_add(&trust, optarg);
			break;
		case 'm':
			mode = parse_mode("start", optarg);
			status = mode ? EXIT_OK : EXIT_USAGE;
			break;
		case 's':
			status = policy_option_scope("start", optarg, &policy);
			break;
		case 'w':
			status = policy_option_wx("start", optarg, &policy);
			break;
		case 'c':
			status = catalog_list_add(&catalogs, optarg);
			break;
		case 'n':
			status = parse_max_files(optarg, &options.max_trusted);
			break;
		case 'f':
			forced = true;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			trust_store_free(trust);
			catalog_list_free(&catalogs);
			return EXIT_OK;
		default:
			status = EXIT_USAGE;
		}
	}
	if (status == EXIT_OK && optind < argc)
		status = usage_error("start", "%s: what is this?", argv[optind]);
	if (status == EXIT_OK && !trust)
		status = usage_error("start", "--trust CERT|DIR is missing");
	if (status == EXIT_OK)
		status = complain_about_lacks();
	if (status == EXIT_OK) {
		options.trust = trust;
		make_room(&options, &catalogs);
		status = start(&options, &catalogs, mode, forced);
	}
	if (status == EXIT_OK && !quiet)
		printf("digsig: %s, %zu trusted certificate%s\n", engine_mode_name(mode),
			trust_store_count(trust), trust_store_count(trust) == 1 ? "" : "s");
	trust_store_free(trust);
	catalog_list_free(&catalogs);
	return status;
}
