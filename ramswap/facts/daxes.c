// SPDX-License-Identifier: GPL-2.0-or-later
/* The devices of the dax bus: memory that programs map as a whole, or that becomes memory of the kernel. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "reader.h"
#include "text.h"

#define DEVICES "sys/bus/dax/devices"

enum { DAXES_MOST = 1024 };

/* One without a size is the next to be made. */
static void read_dax(struct facts_reader *reader, int folder, const char *name, struct ramswap_dax *dax)
{
	char value[FACTS_VALUE_MAX + 1];
	__s64 node;

	strcpy(dax->name, name);
	dax->node = -1;
	if (!facts_read_number(folder, "size", FACTS_SIZE_MOST, &dax->size))
		dax->size = 0;
	facts_read_number(folder, "align", FACTS_SIZE_MOST, &dax->align);
	if (facts_read_value(folder, "target_node", value) &&
		facts_parse_signed(value, RAMSWAP_NODES_MAX - 1, &node) && node >= 0)
		dax->node = (int)node;
	facts_read_link(folder, "driver", dax->driver);
	dax->is_ours = state_has(&reader->state, STATE_MEMORY, name);
}

static int add_dax(struct facts_reader *reader, const char *name)
{
	struct ramswap_facts *facts = reader->facts;
	struct ramswap_dax dax = { 0 }, *grown;
	char path[RAMSWAP_NAME_MAX + sizeof(DEVICES) + 1];
	int folder;

	snprintf(path, sizeof(path), DEVICES "/%s", name);
	folder = facts_open_folder(reader->root, path);
	if (folder < 0)
		return 0;
	read_dax(reader, folder, name, &dax);
	close(folder);
	if (!dax.size)
		return 0;
	grown = facts_grow(facts->daxes, facts->dax_count, sizeof(*facts->daxes));
	if (!grown)
		return -ENOMEM;
	facts->daxes = grown;
	facts->daxes[facts->dax_count++] = dax;
	return 0;
}

int facts_read_daxes(struct facts_reader *reader)
{
	struct facts_names names;
	int err = facts_read_names(reader->root, DEVICES, "dax", &names);

	for (size_t i = 0; !err && i < names.count && i < DAXES_MOST; i++)
		err = add_dax(reader, names.names[i]);
	facts_names_free(&names);
	return err;
}
