// SPDX-License-Identifier: GPL-2.0-or-later
/* The namespaces of libnvdimm, which are memory that the kernel does not use, and their block devices. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "blocks.h"
#include "reader.h"
#include "text.h"

#define DEVICES "sys/bus/nd/devices"

enum {
	NAMESPACES_MOST = 1024,
	NSTYPE_IO = 4, /* ND_DEVICE_NAMESPACE_IO: it has no label */
};

/* The kernel's words, and ndctl's. */
static const struct {
	const char *kernel, *mode;
} modes[] = {
	{ "raw", "raw" },
	{ "safe", "sector" },
	{ "dax", "devdax" },
};

/* "memory" is also that of one which is mapped as a whole, without a pfn device that holds it. */
static void read_mode(int folder, const char *holder, struct ramswap_namespace *namespace)
{
	char word[RAMSWAP_NAME_MAX + 1];

	facts_read_name(folder, "mode", word);
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (!strcmp(word, modes[i].kernel))
			strcpy(namespace->mode, modes[i].mode);
	if (!strcmp(word, "memory"))
		strcpy(namespace->mode, "memory");
	/* What holds it says more than a word. */
	if (!strncmp(holder, "btt", 3))
		strcpy(namespace->mode, "sector");
	else if (!strncmp(holder, "pfn", 3))
		strcpy(namespace->mode, "fsdax");
	else if (!strncmp(holder, "dax", 3))
		strcpy(namespace->mode, "devdax");
}

/* The first block device in that device's folder. */
static int read_block(int folder, char *name)
{
	struct facts_names names;
	int err = facts_read_names(folder, "block", "", &names);

	if (err)
		return err;
	if (names.count)
		strcpy(name, names.names[0]);
	facts_names_free(&names);
	return 0;
}

/* That of the namespace's holder, pmem0s of btt0.0, or its own. */
static int find_block(struct facts_reader *reader, int folder, const char *holder, char *name)
{
	char path[RAMSWAP_NAME_MAX + sizeof(DEVICES) + 1];
	int other, err;

	if (!*holder)
		return read_block(folder, name);
	snprintf(path, sizeof(path), DEVICES "/%s", holder);
	other = facts_open_folder(reader->root, path);
	if (other < 0)
		return 0;
	err = read_block(other, name);
	close(other);
	return err;
}

static bool has_legacy_range(const struct ramswap_facts *facts)
{
	for (size_t i = 0; i < facts->range_count; i++)
		if (facts->ranges[i].kind == RAMSWAP_RANGE_PMEM_LEGACY)
			return true;
	return false;
}

/* Its bus says who found it: two folders up in the tree of devices, which a link leads to. */
static bool is_legacy(struct facts_reader *reader, int folder, const char *name)
{
	char path[RAMSWAP_NAME_MAX + 64], provider[RAMSWAP_NAME_MAX + 1];
	__u64 nstype = 0;

	if (!facts_read_number(folder, "nstype", ~0U, &nstype) || nstype != NSTYPE_IO)
		return false;
	snprintf(path, sizeof(path), DEVICES "/%s/../../provider", name);
	if (facts_read_name(reader->root, path, provider))
		return !strcmp(provider, "e820");
	return has_legacy_range(reader->facts);
}

static int read_namespace(struct facts_reader *reader, int folder, const char *name,
	struct ramswap_namespace *namespace)
{
	char holder[RAMSWAP_NAME_MAX + 1], value[FACTS_VALUE_MAX + 1];
	__s64 node;

	strcpy(namespace->name, name);
	facts_read_name(folder, "holder", holder);
	read_mode(folder, holder, namespace);
	/* Its owner may have put any bytes there: none of them makes it ours. */
	if (facts_read_value(folder, "alt_name", value))
		snprintf(namespace->alt_name, sizeof(namespace->alt_name), "%.*s", RAMSWAP_NAME_MAX, value);
	namespace->is_legacy = is_legacy(reader, folder, name);
	namespace->node = -1;
	if (facts_read_value(folder, "numa_node", value) && facts_parse_signed(value, RAMSWAP_NODES_MAX - 1, &node) &&
		node >= 0)
		namespace->node = (int)node;
	return find_block(reader, folder, holder, namespace->block);
}

/* Of the device and its partitions: "pmem0", "pmem0p1". */
static void place_blocks(struct ramswap_facts *facts, const struct ramswap_namespace *namespace)
{
	size_t length = strlen(namespace->block);

	for (size_t i = 0; length && i < facts->block_count; i++) {
		const char *rest = facts->blocks[i].name + length;

		if (!strncmp(facts->blocks[i].name, namespace->block, length) &&
			(!*rest || facts_is_numbered(rest, "p")))
			facts->blocks[i].node = namespace->node;
	}
}

/* One without a size is the next to be made. */
static int add_namespace(struct facts_reader *reader, const char *name)
{
	struct ramswap_facts *facts = reader->facts;
	struct ramswap_namespace namespace = { 0 }, *grown;
	char path[RAMSWAP_NAME_MAX + sizeof(DEVICES) + 1];
	int folder, err = 0;

	snprintf(path, sizeof(path), DEVICES "/%s", name);
	folder = facts_open_folder(reader->root, path);
	if (folder < 0)
		return 0;
	if (facts_read_number(folder, "size", FACTS_SIZE_MOST, &namespace.size) && namespace.size)
		err = read_namespace(reader, folder, name, &namespace);
	close(folder);
	if (err || !namespace.size)
		return err;
	grown = facts_grow(facts->namespaces, facts->namespace_count, sizeof(*facts->namespaces));
	if (!grown)
		return -ENOMEM;
	facts->namespaces = grown;
	facts->namespaces[facts->namespace_count++] = namespace;
	place_blocks(facts, &namespace);
	return 0;
}

int facts_read_namespaces(struct facts_reader *reader)
{
	struct facts_names names;
	int err = facts_read_names(reader->root, DEVICES, "namespace", &names);

	for (size_t i = 0; !err && i < names.count && i < NAMESPACES_MOST; i++)
		err = add_namespace(reader, names.names[i]);
	facts_names_free(&names);
	return err;
}
