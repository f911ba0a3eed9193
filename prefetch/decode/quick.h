/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For who has to decide in a few instructions about what is hardly ever a PREFETCH. */
#ifndef PREFETCH_DECODE_QUICK_H
#define PREFETCH_DECODE_QUICK_H

#include "prefix.h"

/*
 * True: an instruction that begins with these two bytes is no PREFETCH, whatever follows. False: prefetch_decode() has
 * to say. One prefix, which is usual in code of 64 bits, is seen through.
 */
static inline int cannot_be_prefetch(__u8 first, __u8 second, unsigned int mode)
{
	if (first == 0x0f)
		return second != 0x18 && second != 0x0d;
	if (!is_prefix(first, mode))
		return 1;
	return second != 0x0f && !is_prefix(second, mode);
}

#endif
