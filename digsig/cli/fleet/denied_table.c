// SPDX-License-Identifier: GPL-2.0-or-later
#include "denied_table.h"
#include <stdlib.h>
#include "../../format/inspect.h"
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "denied.h"

enum { HOSTS, DENIED, WOULD_DENY, VERDICT, FIRST, LAST, PACKAGE, DIGEST, PATH };

const struct option_word denied_columns[] = {
	{ "HOSTS", HOSTS | TABLE_NUMBER },
	{ "DENIED", DENIED | TABLE_NUMBER },
	{ "WOULD-DENY", WOULD_DENY | TABLE_NUMBER },
	{ "VERDICT", VERDICT },
	{ "FIRST", FIRST },
	{ "LAST", LAST },
	{ "PACKAGE", PACKAGE },
	{ "DIGEST", DIGEST },
	{ "PATH", PATH | TABLE_CUT },
	{ NULL, 0 },
};

static void put_row(struct table *table, const struct fleet_denial *denial)
{
	char digest[2 * DIGSIG_DIGEST_SIZE + 1], first[32], last[32], *path = denied_path(denial);

	print_hex(digest, denial->digest, sizeof(denial->digest));
	print_time(first, (__u64)denial->first);
	print_time(last, (__u64)denial->last);
	table_row(table);
	table_put(table, HOSTS, "%llu", (unsigned long long)denial->hosts);
	table_put(table, DENIED, "%llu", (unsigned long long)denial->denied);
	table_put(table, WOULD_DENY, "%llu", (unsigned long long)denial->would_deny);
	table_put(table, VERDICT, "%s", digsig_verdict_name(denial->verdict));
	table_put(table, FIRST, "%s", first);
	table_put(table, LAST, "%s", last);
	table_put(table, PACKAGE, "%s", denial->package);
	table_put(table, DIGEST, "%s", denial->has_digest ? digest : "");
	table_put(table, PATH, "%s", path && *path ? path : "(no path)");
	free(path);
}

int denied_print_table(const struct table_settings *settings, struct fleet_denial *const *list, size_t count,
	denied_choice *is_chosen, const void *closure)
{
	int code = EXIT_OK;
	struct table *table = table_open(settings, denied_columns, DENIED_USUAL, EXIT_ERROR, &code);

	if (!table)
		return code;
	for (size_t i = 0; i < count; i++)
		if (is_chosen(list[i], closure))
			put_row(table, list[i]);
	return table_close(table);
}
