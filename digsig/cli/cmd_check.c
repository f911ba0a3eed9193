// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../survey/packages.h"
#include "../../lib/text/text.h"
#include "authority.h"
#include "catalog_option.h"
#include "check_words.h"
#include "cli.h"
#include "interrupt.h"
#include "list_option.h"
#include "progress.h"
#include "trust_option.h"

static const char help[] =
	"usage: digsig check [--trust CERT|DIR] [OPTION...] [PATH...]\n"
	"Says what would be denied below PATH if the engine enforced now: programs, libraries,\n"
	"executable scripts and kernel modules, grouped by reason and by package. Runs nothing and\n"
	"changes nothing. PATH is / by default; pseudo and network file systems are left out.\n\n"
	"  --trust CERT|DIR  certificates whose keys are trusted; without it, digsig.conf says\n"
	"                    what is trusted\n"
	"  --catalog FILE|DIR  a catalog, or all of a folder; may be repeated\n"
	"  --revoked FILE    what is revoked, as digsig revoke notes it, or a signed list\n"
	"                    (" REVOCATION_STORE ", of DIR with --root)\n"
	"  --expiry WHAT     of certificates that are expired or not valid yet: warn (default),\n"
	"                    ignore, or refuse to trust them; without it, digsig.conf says it\n"
	"  --root DIR        DIR is the / of the system in question, for its packages and what it\n"
	"                    needs to boot; PATH is then DIR by default\n"
	"  --only KINDS      of elf, scripts, modules; several with commas\n"
	"  --list[=WHICH]    instead, print the files to sign, a line each; =catalog: those that can\n"
	"                    only be trusted through a catalog\n"
	"  --list0[=WHICH]   the same for xargs -0\n"
	"  -j, --jobs N      threads (as many as there are processors)\n"
	"  -v, --verbose     name every package and file\n"
	"  --json            one JSON object, with every file\n"
	"  --no-color        no colour (also: NO_COLOR)\n"
	"  -h, --help\n\n"
	"Exit code 0: nothing would be denied. 66: something was tampered with, else 67: a bad\n"
	"signature, an unknown key, or revoked, else 68: a malformed block, else 65: something is not signed.\n";

enum { OPTION_TRUST = 256, OPTION_CATALOG, OPTION_REVOKED, OPTION_EXPIRY, OPTION_ROOT, OPTION_ONLY, OPTION_LIST, OPTION_LIST0, OPTION_JSON,
	OPTION_NO_COLOR };

static const struct option long_options[] = {
	{ "trust", required_argument, NULL, OPTION_TRUST },
	{ "catalog", required_argument, NULL, OPTION_CATALOG },
	{ "revoked", required_argument, NULL, OPTION_REVOKED },
	{ "expiry", required_argument, NULL, OPTION_EXPIRY },
	{ "root", required_argument, NULL, OPTION_ROOT },
	{ "only", required_argument, NULL, OPTION_ONLY },
	{ "list", optional_argument, NULL, OPTION_LIST },
	{ "list0", optional_argument, NULL, OPTION_LIST0 },
	{ "jobs", required_argument, NULL, 'j' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "no-color", no_argument, NULL, OPTION_NO_COLOR },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct check {
	struct authority authority;
	struct survey_options survey;
	struct check_style style;
	char root[PATH_MAX];
	struct list_option list;
	const char *revoked; /* NULL: the store of the system in question */
	bool json, no_colour, wants_help;
};

static int parse_kinds(const char *text, unsigned int *kinds)
{
	char copy[64], *rest = copy, *word;

	snprintf(copy, sizeof(copy), "%s", text);
	*kinds = 0;
	while ((word = strsep(&rest, ","))) {
		if (!strcmp(word, "elf"))
			*kinds |= 1U << CANDIDATE_ELF;
		else if (!strcmp(word, "scripts"))
			*kinds |= 1U << CANDIDATE_SCRIPT;
		else if (!strcmp(word, "modules"))
			*kinds |= 1U << CANDIDATE_MODULE;
		else
			return usage_error("check", "--only %s: elf, scripts, modules", text);
	}
	return EXIT_OK;
}

static int parse_jobs(struct check *check, const char *text)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || end == text || *text == '-' || !number || number > 256)
		return usage_error("check", "--jobs %s: a number from 1 to 256", text);
	check->survey.threads = (unsigned int)number;
	return EXIT_OK;
}

static int parse_root(struct check *check, const char *path)
{
	if (realpath(path, check->root))
		return EXIT_OK;
	complain("%s: %s", path, strerror(errno));
	return EXIT_ERROR;
}

static int parse(struct check *check, int argc, char **argv)
{
	int option, status = EXIT_OK;

	while (status == EXIT_OK && !check->wants_help &&
		(option = getopt_long(argc, argv, "j:vh", long_options, NULL)) != -1) {
		switch (option) {
		case OPTION_TRUST:
			status = trust_option_add(&check->authority.trust.store, optarg);
			break;
		case OPTION_CATALOG:
			status = catalog_list_add_or_complain(
				&check->authority.trust.catalogs, optarg);
			break;
		case OPTION_REVOKED:
			check->revoked = optarg;
			break;
		case OPTION_EXPIRY:
			status = authority_take_expiry(&check->authority, "check", optarg);
			break;
		case OPTION_ROOT:
			status = parse_root(check, optarg);
			break;
		case OPTION_ONLY:
			status = parse_kinds(optarg, &check->survey.kinds);
			break;
		case OPTION_LIST:
			status = list_option_set(&check->list, "check", optarg, false);
			break;
		case OPTION_LIST0:
			status = list_option_set(&check->list, "check", optarg, true);
			break;
		case OPTION_JSON:
			check->json = true;
			break;
		case 'j':
			status = parse_jobs(check, optarg);
			break;
		case 'v':
			check->style.verbose = true;
			break;
		case OPTION_NO_COLOR:
			check->no_colour = true;
			break;
		case 'h':
			check->wants_help = true;
			break;
		default:
			status = EXIT_USAGE;
		}
	}
	return status;
}

static void report(void *context, enum survey_phase phase, __u64 done, __u64 total)
{
	enum survey_phase *last = context;

	if (*last != phase)
		progress_begin("hashing", PROGRESS_BYTES);
	*last = phase;
	progress_update(done, total);
}

/* A file that is named by a symbolic link is judged, and listed, where it is. */
static int resolve_roots(struct check *check, char **paths, int count)
{
	check->survey.roots = calloc((size_t)count + 1, sizeof(char *));
	if (!check->survey.roots)
		return EXIT_ERROR;
	if (!count)
		check->survey.roots[check->survey.root_count++] = strdup(check->root);
	for (int i = 0; i < count; i++) {
		char *real = realpath(paths[i], NULL);

		if (!real) {
			complain("%s: %s", paths[i], strerror(errno));
			return EXIT_ERROR;
		}
		check->survey.roots[check->survey.root_count++] = real;
	}
	return EXIT_OK;
}

static void print_list(const struct check *check, const struct survey_result *result)
{
	for (size_t i = 0; i < result->count; i++) {
		const struct survey_entry *entry = &result->entries[i];

		if (entry->verdict == DIGSIG_VERDICT_UNSIGNED)
			list_option_print(&check->list, entry->path, entry->can_carry);
	}
}

static int print_result(struct check *check, struct survey_result *result)
{
	struct critical_files critical = { 0 };
	int err = packages_assign(check->root, result);

	if (!err)
		err = critical_files_find(check->root, &critical);
	if (err) {
		complain("check: %s", strerror(-err));
	} else if (check->list.which) {
		print_list(check, result);
	} else if (check->json) {
		check_print_json(result, &critical);
	} else {
		check->style.colour = colour_wanted(check->no_colour);
		check_print(result, &critical, &check->style);
	}
	critical_files_free(&critical);
	return err ? EXIT_ERROR : check_exit_code(result);
}

/* What the machine that would start DIR has revoked; or what it is told to. */
static int read_revoked(struct check *check)
{
	char path[PATH_MAX + sizeof(REVOCATION_STORE)];

	if (check->revoked)
		return authority_revoke(&check->authority, check->revoked);
	snprintf(path, sizeof(path), "%s%s", strcmp(check->root, "/") ? check->root : "",
		REVOCATION_STORE);
	return authority_revoke(&check->authority, path);
}

static int look(struct check *check)
{
	enum survey_phase phase = SURVEY_LOOKING;
	struct survey_result result;
	int err, status = EXIT_ERROR;

	check->survey.trust = check->authority.trust.store;
	check->survey.known = authority_known(&check->authority);
	check->survey.revoked = &check->authority.revoked;
	check->survey.is_cancelled = &interrupted;
	check->survey.report = report;
	check->survey.context = &phase;
	interrupt_catch();
	progress_allow(true);
	progress_begin("looking", PROGRESS_FILES);
	err = survey(&check->survey, &result);
	progress_end();
	if (err == -ECANCELED)
		interrupt_obey();
	else if (err)
		complain("check: %s", strerror(-err));
	else
		status = print_result(check, &result);
	survey_free(&result);
	return status;
}

static int run(struct check *check, int argc, char **argv)
{
	int status = parse(check, argc, argv);

	if (status != EXIT_OK)
		return status;
	if (check->wants_help) {
		fputs(help, stdout);
		return EXIT_OK;
	}
	status = authority_open_or_configured(&check->authority);
	if (status == EXIT_OK)
		status = read_revoked(check);
	if (status == EXIT_OK)
		status = resolve_roots(check, argv + optind, argc - optind);
	return status == EXIT_OK ? look(check) : status;
}

int cmd_check(int argc, char **argv)
{
	struct check check = {
		.survey.kinds = 1U << CANDIDATE_ELF | 1U << CANDIDATE_SCRIPT | 1U << CANDIDATE_MODULE,
		.root = "/",
	};
	int status = run(&check, argc, argv);

	for (size_t i = 0; i < check.survey.root_count; i++)
		free(check.survey.roots[i]);
	free(check.survey.roots);
	authority_free(&check.authority);
	return status;
}
