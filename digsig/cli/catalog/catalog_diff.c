// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void print_difference(char sign, const char *name)
{
	printf("%c ", sign);
	print_safely(stdout, name);
	putchar('\n');
}

/* Both sorted; a name that both have, with another digest, changed. */
static void print_differences(const struct namings *before, const struct namings *after)
{
	size_t i = 0, j = 0;

	while (i < before->count || j < after->count) {
		int order = i == before->count ? 1 :
			j == after->count      ? -1 :
						 strcmp(before->items[i].name, after->items[j].name);

		if (order < 0) {
			print_difference('-', before->items[i++].name);
		} else if (order > 0) {
			print_difference('+', after->items[j++].name);
		} else {
			if (memcmp(before->items[i].digest, after->items[j].digest,
				    DIGSIG_DIGEST_SIZE))
				print_difference('!', after->items[j].name);
			i++;
			j++;
		}
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

static int diff(const char *old_path, const char *new_path)
{
	struct namings before = { 0 }, after = { 0 };
	struct catalog a = { 0 }, b = { 0 };
	int code = catalog_read_or_complain(old_path, &a);

	if (!code)
		code = catalog_read_or_complain(new_path, &b);
	if (!code)
		code = gather_namings(&a, &before);
	if (!code)
		code = gather_namings(&b, &after);
	if (!code)
		print_differences(&before, &after);
	free_namings(&before);
	free_namings(&after);
	catalog_free(&a);
	catalog_free(&b);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	char none;
	int code;

	if (!options_take(command, &argc, &argv, &none, &code))
		return code;
	return diff(argv[0], argv[1]);
}

const struct command catalog_diff_command = {
	.name = "diff",
	.summary = "compare two catalogs",
	.usage = "A B",
	.about = "Lists what is only in A (-), only in B (+), and what changed (!).\n",
	.run = run,
	.arguments = "A B",
	.most = 2,
	.offer = "*.catalog",
};
