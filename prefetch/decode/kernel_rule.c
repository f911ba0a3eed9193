// SPDX-License-Identifier: GPL-2.0-or-later
#include "../decode.h"

static int is_skipped(__u8 byte, unsigned int mode)
{
	switch (byte) {
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
	case 0x64:
	case 0x65:
	case 0x66:
	case 0x67:
	case 0xf0:
	case 0xf2:
	case 0xf3:
		return 1;
	default:
		return (mode & ~(unsigned int)PREFETCH_NEW) == PREFETCH_64 && (byte & 0xf0) == 0x40;
	}
}

int prefetch_kernel_rule(const void *bytes, size_t length, unsigned int mode)
{
	const __u8 *code = bytes;
	size_t at = 0, end = length < PREFETCH_LENGTH_MAX ? length : PREFETCH_LENGTH_MAX;

	while (at < end && is_skipped(code[at], mode))
		at++;
	return at + 1 < length && at < end && code[at] == 0x0f && (code[at + 1] == 0x18 || code[at + 1] == 0x0d);
}
