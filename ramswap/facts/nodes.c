// SPDX-License-Identifier: GPL-2.0-or-later
/* The nodes of a machine, how far they are from each other, and their tiers. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "parse.h"
#include "reader.h"
#include "text.h"

#define NODES "sys/devices/system/node"
#define TIERS "sys/devices/virtual/memory_tiering"

/* A distance is a byte (u8 in ACPI's SLIT); 255: there is no way. */
enum { DISTANCE_MOST = 255 };

void facts_parse_distances(const char *text, size_t count, struct ramswap_node *node)
{
	char copy[FACTS_LINE_MAX + 1], *at = copy, *word;
	__u64 number;
	size_t found = 0;

	snprintf(copy, sizeof(copy), "%s", text);
	while (found < count && found < RAMSWAP_NODES_MAX && (word = facts_word_next(&at)) &&
		facts_parse_number(word, DISTANCE_MOST, &number))
		node->distances[found++] = (unsigned int)number;
	/* Of a list that is about other nodes nothing is known. */
	if (found != count || facts_word_next(&at))
		memset(node->distances, 0, sizeof(node->distances));
}

/* "Node 0 MemTotal:        1013696 kB" */
void facts_parse_node_memory(const char *text, size_t size, struct ramswap_node *node)
{
	struct facts_lines lines;

	facts_lines_begin(&lines, text, size);
	while (facts_line_next(&lines)) {
		char *at = lines.line, *name, *value;
		__u64 kilobytes;

		facts_word_next(&at);
		facts_word_next(&at);
		name = facts_word_next(&at);
		value = name ? facts_word_next(&at) : NULL;
		if (!value || !facts_parse_number(value, FACTS_SIZE_MOST >> 10, &kilobytes))
			continue;
		if (!strcmp(name, "MemTotal:"))
			node->total = kilobytes << 10;
		else if (!strcmp(name, "MemFree:"))
			node->free = kilobytes << 10;
	}
	if (node->free > node->total)
		node->free = node->total;
}

static bool is_in_list(int folder, const char *path, unsigned int number)
{
	char value[FACTS_VALUE_MAX + 1];

	return facts_read_value(folder, path, value) && facts_list_has(value, number);
}

/* distance comes later: when it is known which nodes there are. */
static int read_node(struct facts_reader *reader, const char *name, struct ramswap_node *node)
{
	char path[128], value[FACTS_VALUE_MAX + 1];
	int folder;

	snprintf(path, sizeof(path), NODES "/%s", name);
	folder = facts_open_folder(reader->root, path);
	if (folder < 0)
		return 0;
	if (!facts_read_text(&reader->buffer, folder, "meminfo", FACTS_TEXT_MOST))
		facts_parse_node_memory(reader->buffer.text, reader->buffer.size, node);
	node->has_processors = facts_read_value(folder, "cpulist", value) && facts_parse_list_count(value);
	node->has_memory = node->total;
	node->is_online = is_in_list(reader->root, NODES "/online", node->id);
	close(folder);
	return 0;
}

static int add_node(struct facts_reader *reader, const char *name)
{
	struct ramswap_facts *facts = reader->facts;
	struct ramswap_node *grown;
	__u64 number;

	if (!facts_parse_number(name + strlen("node"), RAMSWAP_NODES_MAX - 1, &number))
		return 0;
	grown = facts_grow(facts->nodes, facts->node_count, sizeof(*facts->nodes));
	if (!grown)
		return -ENOMEM;
	facts->nodes = grown;
	grown += facts->node_count++;
	grown->id = (unsigned int)number;
	grown->tier = -1;
	return read_node(reader, name, grown);
}

static void read_distances(struct facts_reader *reader)
{
	struct ramswap_facts *facts = reader->facts;
	char path[128], value[FACTS_VALUE_MAX + 1];

	for (size_t i = 0; i < facts->node_count; i++) {
		snprintf(path, sizeof(path), NODES "/node%u/distance", facts->nodes[i].id);
		if (facts_read_value(reader->root, path, value))
			facts_parse_distances(value, facts->node_count, &facts->nodes[i]);
	}
}

static void read_tier(struct facts_reader *reader, const char *name)
{
	char path[128], value[FACTS_VALUE_MAX + 1];
	__u64 number;

	snprintf(path, sizeof(path), TIERS "/%s/nodelist", name);
	if (!facts_parse_number(name + strlen("memory_tier"), INT_MAX, &number) ||
		!facts_read_value(reader->root, path, value))
		return;
	for (size_t i = 0; i < reader->facts->node_count; i++)
		if (facts_list_has(value, reader->facts->nodes[i].id))
			reader->facts->nodes[i].tier = (int)number;
}

int facts_read_nodes(struct facts_reader *reader)
{
	struct facts_names names;
	int err = facts_read_names(reader->root, NODES, "node", &names);

	for (size_t i = 0; !err && i < names.count && reader->facts->node_count < RAMSWAP_NODES_MAX; i++)
		err = add_node(reader, names.names[i]);
	facts_names_free(&names);
	if (err)
		return err;
	read_distances(reader);
	err = facts_read_names(reader->root, TIERS, "memory_tier", &names);
	for (size_t i = 0; i < names.count; i++)
		read_tier(reader, names.names[i]);
	facts_names_free(&names);
	return err;
}
