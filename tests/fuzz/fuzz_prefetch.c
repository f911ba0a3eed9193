// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as an instruction: what is a PREFETCH is one for the kernel's rule, too; a part of it asks for what
 * is missing and no more; and nothing behind it matters.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "prefetch/decode.h"

static void check(const uint8_t *data, size_t size, unsigned int mode)
{
	struct prefetch whole, part;
	int answer;
	/* Of this very size, so that reading behind it is noticed. */
	uint8_t *bytes = malloc(size ? size : 1);

	/* What is between its members is compared, too. */
	memset(&whole, 0, sizeof(whole));
	memset(&part, 0, sizeof(part));
	memcpy(bytes, data, size);
	answer = prefetch_decode(bytes, size, mode, &whole);
	if (answer > 0 && size >= PREFETCH_LENGTH_MAX)
		abort();
	if (!answer && !prefetch_kernel_rule(bytes, size, mode))
		abort();
	for (size_t i = 0; !answer && i < whole.length; i++) {
		int missing = prefetch_decode(bytes, i, mode, &part);

		if (missing <= 0 || i + (size_t)missing > whole.length)
			abort();
	}
	if (!answer && (whole.length > size || prefetch_decode(bytes, whole.length, mode, &part) ||
			       memcmp(&whole, &part, sizeof(part))))
		abort();
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 20)
		size = 20;
	for (unsigned int mode = PREFETCH_16; mode <= PREFETCH_64; mode++) {
		check(data, size, mode);
		check(data, size, mode | PREFETCH_NEW);
	}
	return 0;
}
