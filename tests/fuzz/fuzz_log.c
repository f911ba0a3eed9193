// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arbitrary bytes as a log that digsig learn reads, line by line. What it took is in its bounds,
 * and nobody can read past a text.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "digsig/survey/learned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int is_true, const char *what)
{
	if (is_true)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct learned learned = { 0 };
	const char *at = (const char *)data, *end = at + size;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);

		learned_add_line(&learned, at, length);
		at += length + 1;
	}
	require(learned.count <= learned.lines, "no entry without a line");
	for (size_t i = 0; i < learned.count; i++) {
		const struct learned_entry *entry = &learned.entries[i];

		require(entry->path != NULL, "every entry has a path");
		require(entry->hooks != 0, "every entry has a hook");
		require(entry->verdict > DIGSIG_VERDICT_OK &&
				entry->verdict < DIGSIG_VERDICT_COUNT,
			"a verdict that is one");
		require(memchr(entry->first, 0, sizeof(entry->first)) &&
				memchr(entry->last, 0, sizeof(entry->last)),
			"times end");
		require(entry->who_count <= LEARNED_WHO_MAX, "not too many people");
		for (unsigned int who = 0; who < entry->who_count; who++)
			require(memchr(entry->who[who].comm, 0, sizeof(entry->who[who].comm)) != NULL,
				"names end");
	}
	learned_free(&learned);
	return 0;
}
