// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "symbol_table.h"

/* "ffffffff81000000 T _stext", and of a module "\t[name]" behind it, which becomes part of the
 * name. */
static int add_line(struct symbols *symbols, char *line)
{
	char *end, *name, *tab;
	uint64_t address = strtoull(line, &end, 16);

	if (*end != ' ' || !strchr("tTwW", end[1]) || end[2] != ' ' || !address)
		return 0;
	name = end + 3;
	name[strcspn(name, "\n")] = 0;
	tab = strchr(name, '\t');
	if (tab)
		*tab = ' ';
	return symbols_add(symbols, address, 0, name);
}

int symbols_of_kernel(struct symbols **result)
{
	struct symbols *symbols;
	char line[1024];
	int err = 0;
	FILE *file = fopen("/proc/kallsyms", "re");

	if (!file)
		return -errno;
	symbols = calloc(1, sizeof(*symbols));
	if (!symbols)
		err = -ENOMEM;
	while (!err && fgets(line, sizeof(line), file))
		err = add_line(symbols, line);
	fclose(file);
	if (!err && !symbols->count)
		err = -EPERM;
	if (err) {
		symbols_free(symbols);
		return err;
	}
	symbols_sort(symbols);
	*result = symbols;
	return 0;
}
