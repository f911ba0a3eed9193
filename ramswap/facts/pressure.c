// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/pressure/memory */
#include <string.h>
#include "../../lib/text/number.h"
#include "parse.h"
#include "reader.h"
#include "text.h"

static bool parse_percent(const char *word, const char *name, double *percent)
{
	size_t length = strlen(name);

	return word && !strncmp(word, name, length) && !decimal_parse(word + length, 0, 100, percent);
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0" */
static void parse_line(char *line, double *ten, double *sixty, __u64 *total)
{
	double first, second;
	char *words[4];
	__u64 number;

	for (size_t i = 0; i < 4; i++)
		words[i] = facts_word_next(&line);
	if (!parse_percent(words[0], "avg10=", &first) || !parse_percent(words[1], "avg60=", &second) || !words[3] ||
		strncmp(words[3], "total=", 6) || !facts_parse_number(words[3] + 6, ~0ULL, &number))
		return;
	*ten = first;
	*sixty = second;
	*total = number;
}

void facts_parse_pressure(const char *text, size_t size, struct ramswap_facts *facts)
{
	struct facts_lines lines;

	facts_lines_begin(&lines, text, size);
	while (facts_line_next(&lines)) {
		char *at = lines.line, *word = facts_word_next(&at);

		if (word && !strcmp(word, "some"))
			parse_line(at, &facts->pressure_some_10, &facts->pressure_some_60, &facts->pressure_some_total);
		else if (word && !strcmp(word, "full"))
			parse_line(at, &facts->pressure_full_10, &facts->pressure_full_60, &facts->pressure_full_total);
	}
}

int facts_read_pressure(struct facts_reader *reader)
{
	if (!facts_read_text(&reader->buffer, reader->root, "proc/pressure/memory", FACTS_TEXT_MOST))
		facts_parse_pressure(reader->buffer.text, reader->buffer.size, reader->facts);
	return 0;
}
