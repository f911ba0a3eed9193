// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines of /proc/PID/maps, in which the names of files are whatever their owners called them. Any line is left out, or
 * gives a range of whole pages that fits into an address.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "ramswap/measure/mappings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t page_size = 4096;
	struct measure_mapping mapping;
	char *line = malloc(size + 1);

	memcpy(line, data, size);
	line[size] = 0;
	if (measure_mapping_parse(line, page_size, &mapping) &&
		(!mapping.pages || mapping.start % page_size || mapping.pages > (~0ULL - mapping.start) / page_size))
		abort();
	free(line);
	return 0;
}
