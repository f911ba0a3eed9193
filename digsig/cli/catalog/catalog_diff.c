// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../../lib/table/table.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "catalog_commands.h"
#include "../catalog_option.h"
#include "../cli.h"

/* What a catalog says of a name. A digest without a name goes by its own hexadecimal digits. */
struct naming {
	char *name;
	const __u8 *digest;
};

struct namings {
	struct naming *items;
	size_t count, room;
};

static int add_naming(void *context, const __u8 *digest, const char *name)
{
	struct namings *namings = context;
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	if (namings->count == namings->room) {
		size_t room = namings->room ? 2 * namings->room : 1024;
		struct naming *more = reallocarray(namings->items, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		namings->items = more;
		namings->room = room;
	}
	print_hex(hex, digest, DIGSIG_DIGEST_SIZE);
	namings->items[namings->count].digest = digest;
	namings->items[namings->count].name = strdup(name ? name : hex);
	if (!namings->items[namings->count].name)
		return -ENOMEM;
	namings->count++;
	return 0;
}

static int compare_namings(const void *a, const void *b)
{
	const struct naming *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : memcmp(left->digest, right->digest, DIGSIG_DIGEST_SIZE);
}

static void free_namings(struct namings *namings)
{
	for (size_t i = 0; i < namings->count; i++)
		free(namings->items[i].name);
	free(namings->items);
}

enum { CHANGE, NAME, BEFORE, AFTER };

static const struct option_word columns[] = {
	{ "CHANGE", CHANGE },
	{ "NAME", NAME },
	{ "BEFORE", BEFORE },
	{ "AFTER", AFTER },
	{ 0 },
};

struct diff_settings {
	struct table_settings table;
	bool json;
};

/* before or after: NULL: the name is not in that catalog. */
typedef void print_difference(void *context, const struct naming *before, const struct naming *after);

static const char *change_name(const struct naming *before, const struct naming *after)
{
	return !before ? "added" : !after ? "removed" : "changed";
}

static void print_digest(char hex[2 * DIGSIG_DIGEST_SIZE + 1], const struct naming *naming)
{
	*hex = '\0';
	if (naming)
		print_hex(hex, naming->digest, DIGSIG_DIGEST_SIZE);
}

static void add_difference(void *table, const struct naming *before, const struct naming *after)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	table_row(table);
	table_put(table, CHANGE, "%s", change_name(before, after));
	table_put(table, NAME, "%s", before ? before->name : after->name);
	print_digest(hex, before);
	table_put(table, BEFORE, "%s", hex);
	print_digest(hex, after);
	table_put(table, AFTER, "%s", hex);
}

static void print_difference_json(void *unused, const struct naming *before, const struct naming *after)
{
	struct json_object *object = json_object_new_object();
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	(void)unused;
	json_add_string(object, "change", change_name(before, after));
	json_add_text(object, "name", before ? before->name : after->name);
	print_digest(hex, before);
	json_add_string(object, "sha256_before", before ? hex : NULL);
	print_digest(hex, after);
	json_add_string(object, "sha256_after", after ? hex : NULL);
	json_put_line(object);
}

/* Both sorted; a name that both have, with another digest, changed. */
static void print_differences(const struct namings *before, const struct namings *after,
	print_difference *print, void *context)
{
	size_t i = 0, j = 0;

	while (i < before->count || j < after->count) {
		const struct naming *old = &before->items[i], *new = &after->items[j];
		int order = i == before->count ? 1 :
			j == after->count      ? -1 :
						 strcmp(old->name, new->name);

		if (order < 0)
			print(context, old, NULL);
		else if (order > 0)
			print(context, NULL, new);
		else if (memcmp(old->digest, new->digest, DIGSIG_DIGEST_SIZE))
			print(context, old, new);
		i += order <= 0;
		j += order >= 0;
	}
}

static int gather_namings(const struct catalog *catalog, struct namings *namings)
{
	if (catalog_visit(catalog, add_naming, namings)) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	if (namings->count)
		qsort(namings->items, namings->count, sizeof(*namings->items), compare_namings);
	return EXIT_OK;
}

static int diff(char **paths, print_difference *print, void *context)
{
	struct namings before = { 0 }, after = { 0 };
	struct catalog a = { 0 }, b = { 0 };
	int code = catalog_read_or_complain(paths[0], &a);

	if (!code)
		code = catalog_read_or_complain(paths[1], &b);
	if (!code)
		code = gather_namings(&a, &before);
	if (!code)
		code = gather_namings(&b, &after);
	if (!code)
		print_differences(&before, &after, print, context);
	free_namings(&before);
	free_namings(&after);
	catalog_free(&a);
	catalog_free(&b);
	return code;
}

static const struct command_option options[] = {
	TABLE_OPTIONS(struct diff_settings, table, columns),
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line",
		OPTION_FIELD(struct diff_settings, json) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct diff_settings settings = { 0 };
	struct table *table;
	int code, printed;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.json)
		return diff(argv, print_difference_json, NULL);
	table = table_open(&settings.table, columns, "CHANGE,NAME", EXIT_ERROR, &code);
	if (!table)
		return code;
	code = diff(argv, add_difference, table);
	printed = table_close(table);
	return code ? code : printed;
}

const struct command catalog_diff_command = {
	.name = "diff",
	.summary = "compare two catalogs",
	.usage = TABLE_USAGE " A B\n--json A B",
	.about = "Lists what B has and A has not (added), the reverse (removed), and names whose content\n"
		 "changed. What has no name goes by its digest.\n",
	.options = options,
	.notes = "Columns:\n"
		 "  CHANGE    added, removed or changed\n"
		 "  NAME      the name in the catalog\n"
		 "  BEFORE    the SHA-256 in A\n"
		 "  AFTER     the SHA-256 in B\n",
	.run = run,
	.arguments = "A B",
	.most = 2,
	.offer = "*.catalog",
};
