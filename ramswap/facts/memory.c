// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/meminfo */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "parse.h"
#include "reader.h"
#include "text.h"

#define FIELD(name) offsetof(struct ramswap_memory, name)

static const struct {
	const char *name;
	size_t offset;
} fields[] = {
	{ "MemTotal:", FIELD(total) },
	{ "MemFree:", FIELD(free) },
	{ "MemAvailable:", FIELD(available) },
	{ "HighTotal:", FIELD(high) },
	{ "AnonPages:", FIELD(anonymous) },
	{ "SwapTotal:", FIELD(swap_total) },
	{ "SwapFree:", FIELD(swap_free) },
	{ "SwapCached:", FIELD(swap_cached) },
	{ "Zswap:", FIELD(zswap) },
	{ "Zswapped:", FIELD(zswapped) },
	{ "Hugetlb:", FIELD(huge_reserved) },
};

enum { FIELDS = sizeof(fields) / sizeof(*fields) };

/* "16316412 kB", or a number alone. */
static bool parse_kilobytes(char *text, __u64 *bytes)
{
	char *word = facts_word_next(&text), *unit = facts_word_next(&text);
	__u64 number;

	if (!word || (unit && strcmp(unit, "kB")) || !facts_parse_number(word, FACTS_SIZE_MOST >> 10, &number))
		return false;
	*bytes = number << 10;
	return true;
}

static void take_field(struct ramswap_memory *memory, const char *name, __u64 bytes)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (!strcmp(name, fields[i].name))
			memcpy((char *)memory + fields[i].offset, &bytes, sizeof(bytes));
	if (!strcmp(name, "MemAvailable:"))
		memory->has_available = true;
	/* Pages of files: those of swap are not. */
	if (!strcmp(name, "Active(file):") || !strcmp(name, "Inactive(file):"))
		memory->file += bytes;
}

/* What is part of another cannot be more. */
static void bound(__u64 *part, __u64 whole)
{
	if (*part > whole)
		*part = whole;
}

int facts_parse_memory(const char *text, size_t size, struct ramswap_memory *memory)
{
	struct facts_lines lines;
	__u64 bytes;

	*memory = (struct ramswap_memory){ 0 };
	facts_lines_begin(&lines, text, size);
	while (facts_line_next(&lines)) {
		char *at = lines.line, *name = facts_word_next(&at);

		if (name && parse_kilobytes(at, &bytes))
			take_field(memory, name, bytes);
	}
	bound(&memory->free, memory->total);
	bound(&memory->available, memory->total);
	bound(&memory->high, memory->total);
	bound(&memory->anonymous, memory->total);
	bound(&memory->file, memory->total);
	bound(&memory->huge_reserved, memory->total);
	bound(&memory->swap_free, memory->swap_total);
	return memory->total ? 0 : -EPROTO;
}

int facts_read_memory(struct facts_reader *reader)
{
	int err = facts_read_text(&reader->buffer, reader->root, "proc/meminfo", FACTS_TEXT_MOST);

	if (err)
		return facts_fail(reader->problem, err, "/proc/meminfo: %s", strerror(-err));
	err = facts_parse_memory(reader->buffer.text, reader->buffer.size, &reader->facts->memory);
	if (err)
		return facts_fail(reader->problem, err,
			"/proc/meminfo: it does not say how much memory there is (MemTotal)");
	return 0;
}
