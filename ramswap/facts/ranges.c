// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/iomem */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "parse.h"
#include "reader.h"
#include "text.h"

enum { RANGES_MOST = 4096 };

static const struct {
	const char *name;
	enum ramswap_range_kind kind;
	bool is_first_level; /* deeper ones are parts of something else */
} kinds[] = {
	{ "System RAM", RAMSWAP_RANGE_RAM, true },
	{ "Reserved", RAMSWAP_RANGE_RESERVED, true },
	{ "reserved", RAMSWAP_RANGE_RESERVED, true },
	{ "Persistent Memory", RAMSWAP_RANGE_PMEM, false },
	{ "Persistent Memory (legacy)", RAMSWAP_RANGE_PMEM_LEGACY, false },
	{ "Soft Reserved", RAMSWAP_RANGE_SOFT_RESERVED, false },
	{ "Crash kernel", RAMSWAP_RANGE_CRASH_KERNEL, false },
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/* "  20000000-32bfffff : Persistent Memory (legacy)". False: it is not of interest, or nonsense. */
static bool parse_range(char *line, struct ramswap_range *range)
{
	size_t indent = strspn(line, " ");
	char *start = line + indent, *end = strchr(start, '-'), *name = end ? strstr(end, " : ") : NULL;

	if (!name)
		return false;
	*end++ = 0;
	*name = 0;
	name += 3;
	if (number_parse_hex(start, &range->start) || number_parse_hex(end, &range->end) || range->end < range->start)
		return false;
	for (size_t i = 0; i < KINDS; i++)
		if (!strcmp(name, kinds[i].name) && (!indent || !kinds[i].is_first_level)) {
			range->kind = kinds[i].kind;
			return true;
		}
	return false;
}

int facts_parse_ranges(const char *text, size_t size, struct ramswap_facts *facts)
{
	struct facts_lines lines;

	facts_lines_begin(&lines, text, size);
	while (facts->range_count < RANGES_MOST && facts_line_next(&lines)) {
		struct ramswap_range range, *grown;

		if (!parse_range(lines.line, &range))
			continue;
		grown = facts_grow(facts->ranges, facts->range_count, sizeof(*facts->ranges));
		if (!grown)
			return -ENOMEM;
		facts->ranges = grown;
		facts->ranges[facts->range_count++] = range;
	}
	return 0;
}

int facts_read_ranges(struct facts_reader *reader)
{
	if (facts_read_text(&reader->buffer, reader->root, "proc/iomem", FACTS_TEXT_MOST))
		return 0;
	return facts_parse_ranges(reader->buffer.text, reader->buffer.size, reader->facts);
}
