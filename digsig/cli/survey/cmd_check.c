// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../survey/packages.h"
#include "../../../lib/command/interrupt.h"
#include "../../../lib/thread/pool.h"
#include "../../../lib/text/text.h"
#include "../authority.h"
#include "../catalog_option.h"
#include "check_print.h"
#include "../cli.h"
#include "list_option.h"
#include "../../../lib/command/progress.h"
#include "../trust_option.h"

struct check {
	struct authority authority;
	struct survey_options survey;
	struct check_style style;
	char root[PATH_MAX];
	struct list_option list;
	const char *revoked; /* NULL: the store of the system in question */
	bool json, no_colour;
};

static const struct option_word kinds[] = {
	{ "elf", 1U << CANDIDATE_ELF },
	{ "scripts", 1U << CANDIDATE_SCRIPT },
	{ "modules", 1U << CANDIDATE_MODULE },
	{ 0 },
};

static int take_kinds(void *field, char *text)
{
	unsigned int *chosen = field, kind;
	char *word;

	*chosen = 0;
	while ((word = strsep(&text, ","))) {
		if (!option_word_take(kinds, "--only", word, &kind))
			return EXIT_USAGE;
		*chosen |= kind;
	}
	return EXIT_OK;
}

static int take_root(void *field, char *path)
{
	char *root = field; /* PATH_MAX bytes */

	if (realpath(path, root))
		return EXIT_OK;
	complain("%s: %s", path, strerror(errno));
	return EXIT_ERROR;
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

static const struct command_option options[] = {
	{ OPTION_GROUP, OPTION_FIELD(struct check, authority), .group = authority_option_table },
	{ OPTION_VALUE, 0, "revoked", "FILE",
		"what is revoked, as digsig revoke notes it, or a signed list "
		"(default: " REVOCATION_STORE ", of DIR with --root)",
		OPTION_FIELD(struct check, revoked), .offer = OFFER_FILES },
	{ OPTION_CALL, 0, "root", "DIR",
		"DIR is the / of the system in question, for its packages and what it needs to boot; PATH "
		"is then DIR by default",
		OPTION_FIELD(struct check, root), .take = take_root, .offer = OFFER_FOLDERS },
	{ OPTION_CALL, 0, "only", "KINDS", "of elf, scripts, modules; several with commas",
		OPTION_FIELD(struct check, survey.kinds), .take = take_kinds, .words = kinds,
		.has_commas = true },
	{ OPTION_GROUP, OPTION_FIELD(struct check, list), .group = list_option_table },
	{ OPTION_NUMBER, 'j', "jobs", "N", "threads (default: one per processor)",
		OPTION_FIELD(struct check, survey.threads), .least = 1, .most = POOL_THREADS_MAX },
	{ OPTION_FLAG, 'v', "verbose", NULL, "name every package and file",
		OPTION_FIELD(struct check, style.verbose) },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object, with every file",
		OPTION_FIELD(struct check, json) },
	{ OPTION_FLAG, 0, "no-color", NULL, "no colour (also: NO_COLOR)",
		OPTION_FIELD(struct check, no_colour) },
	{ 0 },
};

static int check_paths(struct check *check, char **paths, int count)
{
	int status = authority_open_or_configured(&check->authority);

	if (status == EXIT_OK)
		status = read_revoked(check);
	if (status == EXIT_OK)
		status = resolve_roots(check, paths, count);
	return status == EXIT_OK ? look(check) : status;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct check check = {
		.survey.kinds = 1U << CANDIDATE_ELF | 1U << CANDIDATE_SCRIPT | 1U << CANDIDATE_MODULE,
		.root = "/",
	};
	int status;

	if (options_take(command, &argc, &argv, &check, &status))
		status = check_paths(&check, argv, argc);
	for (size_t i = 0; i < check.survey.root_count; i++)
		free(check.survey.roots[i]);
	free(check.survey.roots);
	authority_free(&check.authority);
	return status;
}

const struct command check_command = {
	.name = "check",
	.summary = "say what would be denied, before enforcing",
	.usage = "[--trust CERT|DIR] [OPTION...] [PATH...]",
	.about = "Says what would be denied below PATH if the engine enforced now: programs, libraries,\n"
		 "executable scripts and kernel modules, grouped by reason and by package. Runs nothing and\n"
		 "changes nothing. PATH is / by default; pseudo and network file systems are left out.\n",
	.options = options,
	.notes = "Exit code 0: nothing would be denied. 66: something was tampered with, else 67: a bad\n"
		 "signature, an unknown key, or revoked, else 68: a malformed block, else 65: something is not\n"
		 "signed.\n",
	.run = run,
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
