/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may stand before an opcode. */
#ifndef PREFETCH_DECODE_PREFIX_H
#define PREFETCH_DECODE_PREFIX_H

#include "../decode.h"

/* PREFETCH_16, 32 or 64. */
#define SIZE_OF_CODE(mode) ((mode) & ~(unsigned int)PREFETCH_NEW)

/* A bit for each byte: quicker than comparisons where most bytes are no prefix. */
static inline int is_prefix(__u8 byte, unsigned int mode)
{
	static const __u32 legacy[8] = {
		[1] = 1u << (0x26 & 31) | 1u << (0x2e & 31) | 1u << (0x36 & 31) | 1u << (0x3e & 31),
		[3] = 1u << (0x64 & 31) | 1u << (0x65 & 31) | 1u << (0x66 & 31) | 1u << (0x67 & 31),
		[7] = 1u << (0xf0 & 31) | 1u << (0xf2 & 31) | 1u << (0xf3 & 31) };

	return (legacy[byte >> 5] >> (byte & 31) & 1) | ((byte & 0xf0) == 0x40 && SIZE_OF_CODE(mode) == PREFETCH_64);
}

#endif
