// SPDX-License-Identifier: GPL-2.0-or-later
/* The control group of this process, and what it and those above it may use. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "parse.h"
#include "reader.h"
#include "text.h"

/* A limit of version 1 that is none has nearly all of its bits set. */
#define NO_LIMIT FACTS_SIZE_MOST

/* "0::/user.slice" and "4:memory:/user.slice"; "/../x" is above the namespace that this process sees. */
bool facts_parse_group(const char *text, size_t size, bool is_first, char *path)
{
	struct facts_lines lines;

	facts_lines_begin(&lines, text, size);
	while (facts_line_next(&lines)) {
		char *controllers = strchr(lines.line, ':'), *name = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!name)
			continue;
		*name++ = 0;
		controllers++;
		if (strcmp(controllers, is_first ? "memory" : "") || *name != '/' || strlen(name) > RAMSWAP_PATH_MAX ||
			strstr(name, "/.."))
			continue;
		strcpy(path, name);
		return true;
	}
	return false;
}

/* "max" is none. */
static bool read_limit(int root, const char *folder, const char *group, const char *file, __u64 *limit)
{
	char path[RAMSWAP_PATH_MAX + 128];

	snprintf(path, sizeof(path), "%s%s/%s", folder, group, file);
	return facts_read_number(root, path, NO_LIMIT, limit);
}

static void take_memory(struct ramswap_facts *facts, __u64 limit)
{
	/* 0 would be none here; nothing runs in such a group. */
	if (!limit)
		limit = 1;
	if (!facts->group_memory_max || limit < facts->group_memory_max)
		facts->group_memory_max = limit;
}

static void take_swap(struct ramswap_facts *facts, __u64 limit)
{
	if (!facts->has_group_swap_max || limit < facts->group_swap_max)
		facts->group_swap_max = limit;
	facts->has_group_swap_max = true;
}

/* The group and each above it, but the root, which has no limits. */
static void read_groups(struct facts_reader *reader, bool is_first, char *group)
{
	const char *folder = is_first ? "sys/fs/cgroup/memory" : "sys/fs/cgroup";
	__u64 limit;

	while (*group && strcmp(group, "/")) {
		if (read_limit(reader->root, folder, group, is_first ? "memory.limit_in_bytes" : "memory.max", &limit))
			take_memory(reader->facts, limit);
		if (!is_first && read_limit(reader->root, folder, group, "memory.swap.max", &limit))
			take_swap(reader->facts, limit);
		*strrchr(group, '/') = 0;
	}
}

int facts_read_group(struct facts_reader *reader)
{
	char group[RAMSWAP_PATH_MAX + 1];

	if (facts_read_text(&reader->buffer, reader->root, "proc/self/cgroup", FACTS_TEXT_MOST))
		return 0;
	for (int is_first = 0; is_first < 2; is_first++)
		if (facts_parse_group(reader->buffer.text, reader->buffer.size, is_first, group))
			read_groups(reader, is_first, group);
	return 0;
}
