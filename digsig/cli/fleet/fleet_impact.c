// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig fleet impact: what would stop running in a group, if its mode were another one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../catalog/catalog.h"
#include "../../fleet/blob_fetch.h"
#include "../../fleet/signed_manifest.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../catalog_option.h"
#include "../cli.h"
#include "../engine_open.h"
#include "denied.h"
#include "denied_table.h"
#include "fleet_commands.h"
#include "fleet_option.h"

struct impact_settings {
	struct fleet_options fleet;
	struct table_settings table;
	struct denied_filter filter;
	struct catalog_list more; /* catalogs that are about to be published */
	unsigned int mode; /* enum digsig_mode */
	bool list, json;
};

/* What the group has now, so that what was seen before it was trusted does not count. */
struct impact {
	const struct impact_settings *settings;
	struct catalog *catalogs; /* owned */
	size_t count;
};

static const struct command_option options[] = {
	{ OPTION_WORD, 'm', "mode", "MODE", "which mode; enforcing", OPTION_FIELD(struct impact_settings, mode),
		.words = mode_words },
	{ OPTION_DURATION, 0, "since", "TIME", "only what ran in the last TIME: 7d",
		OPTION_FIELD(struct impact_settings, filter.since) },
	{ OPTION_CALL, 0, "catalog", "FILE|DIR", "leave out what that catalog has, besides those of the group; may be repeated",
		OPTION_FIELD(struct impact_settings, more), .take = catalog_option_take, .offer = "*.catalog" },
	{ OPTION_FLAG, 'l', "list", NULL, "print the digests of what is unsigned, for digsig catalog sign",
		OPTION_FIELD(struct impact_settings, list) },
	TABLE_OPTIONS(struct impact_settings, table, denied_columns),
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON object a line, one for each file",
		OPTION_FIELD(struct impact_settings, json) },
	{ OPTION_GROUP, OPTION_FIELD(struct impact_settings, fleet), .group = fleet_option_table },
	{ 0 },
};

static bool has_digest(const struct impact *impact, const struct fleet_denial *denial)
{
	struct signed_as signed_as;

	for (size_t i = 0; denial->has_digest && i < impact->count; i++)
		if (catalog_find(&impact->catalogs[i], denial->digest, &signed_as))
			return true;
	return false;
}

/* It ran, it would not run in that mode, and nothing has been done for it since. */
static bool would_stop(const struct fleet_denial *denial, const void *closure)
{
	const struct impact *impact = closure;

	return denial->would_deny && digsig_mode_denies(impact->settings->mode, denial->verdict) &&
		(denial->verdict != DIGSIG_VERDICT_UNSIGNED || !has_digest(impact, denial));
}

static int make_room(struct impact *impact)
{
	struct catalog *catalogs = reallocarray(impact->catalogs, impact->count + 1, sizeof(*catalogs));

	if (!catalogs)
		return -ENOMEM;
	impact->catalogs = catalogs;
	return 0;
}

static int take_catalog_blob(struct impact *impact, struct fleet_link *link, const struct fleet_blob *blob)
{
	char problem[FLEET_LINK_PROBLEM], digest[2 * DIGSIG_DIGEST_SIZE + 1];
	enum digsig_catalog_defect defect;
	void *bytes;
	int err = make_room(impact);

	print_hex(digest, blob->digest, sizeof(blob->digest));
	if (!err)
		err = fleet_blob_fetch(link, blob, &bytes, problem);
	if (err) {
		complain("fleet: catalog %s: %s", digest, err == -ENOMEM ? strerror(ENOMEM) : problem);
		return EXIT_ERROR;
	}
	err = catalog_parse(bytes, blob->size, &impact->catalogs[impact->count], &defect);
	if (err) {
		complain("fleet: catalog %s: %s", digest, err == -EBADMSG ? catalog_defect_meaning(defect) : strerror(-err));
		free(bytes);
		return EXIT_ERROR;
	}
	impact->count++;
	return EXIT_OK;
}

static int take_catalogs_of(struct impact *impact, struct fleet_link *link, const struct fleet_manifest *manifest)
{
	int code = EXIT_OK;

	for (size_t i = 0; !code && i < manifest->blob_count; i++)
		if (manifest->blobs[i].kind == FLEET_CATALOG)
			code = take_catalog_blob(impact, link, &manifest->blobs[i]);
	return code;
}

/* The catalogs of the group's state. A group without one has none. */
static int take_group(struct impact *impact, struct fleet_link *link)
{
	char subject[FLEET_SUBJECT_MAX], text[FLEET_LINK_PROBLEM];
	struct fleet_manifest manifest;
	struct fleet_problem problem;
	struct fleet_message message;
	int code, err;

	fleet_state_subject(FLEET_GROUP, impact->settings->filter.group, subject);
	err = fleet_link_last(link, FLEET_STREAM_STATE, subject, FLEET_MANIFEST_MAX, &message, text);
	if (err == -ENOENT)
		return EXIT_OK;
	if (err) {
		complain("fleet: %s", text);
		return EXIT_ERROR;
	}
	err = signed_manifest_look(message.bytes, message.size, &manifest, &problem);
	fleet_message_free(&message);
	if (err) {
		complain("fleet: the state of group %s: %s", impact->settings->filter.group, problem.text);
		return EXIT_ERROR;
	}
	code = take_catalogs_of(impact, link, &manifest);
	fleet_manifest_free(&manifest);
	return code;
}

static int take_files(struct impact *impact)
{
	const struct catalog_list *more = &impact->settings->more;

	for (int i = 0; i < more->count; i++) {
		if (make_room(impact)) {
			complain("fleet: out of memory");
			return EXIT_ERROR;
		}
		int code = catalog_read_or_complain(more->paths[i], &impact->catalogs[impact->count]);

		if (code)
			return code;
		impact->count++;
	}
	return EXIT_OK;
}

static size_t print_each(const struct impact *impact, struct fleet_denial *const *list, size_t count)
{
	size_t stopped = 0;

	for (size_t i = 0; i < count; i++) {
		if (!would_stop(list[i], impact))
			continue;
		stopped++;
		if (impact->settings->list)
			denied_print_sum(list[i]);
		else if (impact->settings->json)
			json_put_line(denied_json(list[i]));
	}
	return stopped;
}

static int print(const struct impact *impact, const struct fleet_denials *denials)
{
	const struct impact_settings *settings = impact->settings;
	size_t count, stopped;
	struct fleet_denial **list = fleet_denials_list(denials, &count);
	bool is_table = !settings->list && !settings->json;
	int code = EXIT_OK;

	if (is_table)
		code = denied_print_table(&settings->table, list, count, would_stop, impact);
	stopped = print_each(impact, list, count);
	if (is_table && table_is_explained(&settings->table))
		printf("%zu file%s that ran would be denied in mode %s\n", stopped, text_plural(stopped),
			engine_mode_name(settings->mode));
	free(list);
	return code ? code : stopped ? EXIT_UNSIGNED : EXIT_OK;
}

static int read_all(struct impact *impact, struct fleet_link *link)
{
	struct denied_reading reading = { .filter = &impact->settings->filter };
	int code = take_group(impact, link);

	if (!code)
		code = take_files(impact);
	if (code)
		return code;
	if (fleet_denials_new(&reading.denials)) {
		complain("fleet: out of memory");
		return EXIT_ERROR;
	}
	code = denied_read(link, &reading);
	if (!code) {
		denied_warn(&reading);
		code = print(impact, reading.denials);
	}
	fleet_denials_free(reading.denials);
	return code;
}

static int impact_of(const struct impact_settings *settings)
{
	struct impact impact = { .settings = settings };
	struct fleet_link *link;
	int code = fleet_option_open(&settings->fleet, &link);

	if (code)
		return code;
	code = read_all(&impact, link);
	fleet_link_close(link);
	for (size_t i = 0; i < impact.count; i++)
		catalog_free(&impact.catalogs[i]);
	free(impact.catalogs);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct impact_settings settings = { .mode = DIGSIG_MODE_ENFORCING };
	int code;

	if (options_take(command, &argc, &argv, &settings, &code)) {
		settings.filter.group = argv[0];
		code = fleet_names_check(settings.filter.group, NULL);
		if (!code && settings.list && settings.json)
			code = usage_error("--list and --json exclude each other");
		if (!code)
			code = impact_of(&settings);
	}
	catalog_list_free(&settings.more);
	return code;
}

const struct command fleet_impact_command = {
	.name = "impact",
	.summary = "list what would stop running in a group in another mode",
	.usage = "[OPTION...] GROUP",
	.about = "Lists what ran on the hosts of a group and would be denied in mode enforcing, or in that of --mode. What\n"
		 "the catalogs of the group's state have by now is left out.\n",
	.options = options,
	.notes = "Nothing is known of what did not run while the log was kept. The exit code is 65 if anything is listed.\n",
	.run = run,
	.arguments = "GROUP",
	.most = 1,
};
