// SPDX-License-Identifier: GPL-2.0-or-later
#include "../decode.h"
#include "prefix.h"

int prefetch_kernel_rule(const void *bytes, size_t length, unsigned int mode)
{
	const __u8 *code = bytes;
	size_t at = 0, end = length < PREFETCH_LENGTH_MAX ? length : PREFETCH_LENGTH_MAX;

	while (at < end && is_prefix(code[at], mode))
		at++;
	return at + 1 < length && at < end && code[at] == 0x0f && (code[at + 1] == 0x18 || code[at + 1] == 0x0d);
}
