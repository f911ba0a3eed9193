// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of a store of revocations: what is taken reads the same once it is written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "digsig/revocation/revocation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = calloc(size + 1, 1), text[REVOCATION_LINE_MAX];
	struct digsig_revocation entry, again;
	const char *wrong;

	if (!line)
		return 0;
	memcpy(line, data, size);
	if (!revocation_parse(line, &entry, &wrong)) {
		revocation_print(&entry, text);
		if (revocation_parse(text, &again, &wrong) || memcmp(&entry, &again, sizeof(entry)))
			abort();
	}
	free(line);
	return 0;
}
