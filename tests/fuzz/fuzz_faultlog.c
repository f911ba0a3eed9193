// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a log of the kernel: each fault is a whole one, and can be explained. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "prefetch/explain/log.h"

static void explain(void *context, const struct record *record)
{
	const struct log_reader *reader = context;
	struct explanation explanation;

	if (strnlen(record->name, sizeof(record->name)) == sizeof(record->name) || record->code_size > RECORD_CODE_MAX)
		abort();
	record_explain(&explanation, record, RECORD_MODE_UNKNOWN, &reader->processor);
	if (!explanation.reason || (explanation.is_erratum && !reader->processor.is_affected))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log_reader reader = { .found = explain };
	char *text = malloc(size + 1), *line, *rest = text;

	reader.context = &reader;
	memcpy(text, data, size);
	text[size] = '\0';
	while ((line = strsep(&rest, "\n")))
		log_read_line(&reader, line);
	log_end(&reader);
	free(text);
	return 0;
}
