// SPDX-License-Identifier: GPL-2.0-or-later
/* The attributes of a zram device that have more than one value in them. */
#include <string.h>
#include "parse.h"
#include "text.h"

enum { FIELDS_MOST = 16, TEXT_MOST = 4095 };

/* Numbers between spaces: how many; 0: something else is among them, or there are too many. */
static size_t parse_fields(const char *text, __u64 fields[FIELDS_MOST])
{
	char copy[TEXT_MOST + 1], *at = copy, *word;
	size_t count = 0;

	if (strlen(text) > TEXT_MOST)
		return 0;
	strcpy(copy, text);
	while ((word = facts_word_next(&at)))
		if (count == FIELDS_MOST || !facts_parse_number(word, ~0ULL, &fields[count++]))
			return 0;
	return count;
}

/* What is a size can be added to others: see FACTS_SIZE_MOST. */
static bool are_sizes(const __u64 *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fields[i] > FACTS_SIZE_MOST)
			return false;
	return true;
}

void facts_parse_mm_stat(const char *text, struct ramswap_zram *zram)
{
	__u64 fields[FIELDS_MOST];
	size_t count = parse_fields(text, fields);

	/* Later kernels add fields at the end. */
	if (count < 7 || !are_sizes(fields, 3))
		return;
	zram->stat_fields = (unsigned int)count;
	zram->stored = fields[0];
	zram->compressed = fields[1];
	zram->resident = fields[2];
	/* A limit that no machine reaches is none. */
	zram->limit = fields[3] > FACTS_SIZE_MOST ? 0 : fields[3];
	zram->resident_peak = fields[4];
	zram->same_pages = fields[5];
	zram->compacted_pages = fields[6];
	zram->huge_pages = count > 7 ? fields[7] : 0;
	zram->huge_pages_ever = count > 8 ? fields[8] : 0;
}

void facts_parse_io_stat(const char *text, struct ramswap_zram *zram)
{
	__u64 fields[FIELDS_MOST];

	if (parse_fields(text, fields) < 4)
		return;
	zram->failed_reads = fields[0];
	zram->failed_writes = fields[1];
	zram->invalid_io = fields[2];
	zram->notify_free = fields[3];
}

void facts_parse_bd_stat(const char *text, struct ramswap_zram *zram)
{
	__u64 fields[FIELDS_MOST];

	if (parse_fields(text, fields) < 3)
		return;
	zram->back_pages = fields[0];
	zram->back_reads = fields[1];
	zram->back_writes = fields[2];
}

/* "[lzo-rle]": the brackets are taken off. */
static bool is_chosen(char **word)
{
	size_t length = strlen(*word);

	if (**word != '[' || length < 3 || (*word)[length - 1] != ']')
		return false;
	(*word)[length - 1] = 0;
	(*word)++;
	return true;
}

void facts_parse_algorithms(const char *text, struct ramswap_zram *zram)
{
	char copy[TEXT_MOST + 1], name[RAMSWAP_NAME_MAX + 1], *at = copy, *word;

	if (strlen(text) > TEXT_MOST)
		return;
	strcpy(copy, text);
	while ((word = facts_word_next(&at))) {
		bool chosen = is_chosen(&word);

		if (!facts_copy_name(name, word))
			continue;
		if (chosen)
			strcpy(zram->algorithm, name);
		if (zram->algorithm_count < RAMSWAP_ALGORITHMS_MAX)
			strcpy(zram->algorithms[zram->algorithm_count++], name);
	}
}

void facts_parse_recompression(const char *text, size_t size, char *name)
{
	struct facts_lines lines;

	*name = 0;
	facts_lines_begin(&lines, text, size);
	while (facts_line_next(&lines)) {
		char *at = lines.line, *word = facts_word_next(&at);

		if (!word || strcmp(word, "#1:"))
			continue;
		while ((word = facts_word_next(&at)))
			if (is_chosen(&word))
				facts_copy_name(name, word);
	}
}
