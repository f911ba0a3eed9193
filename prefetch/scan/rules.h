/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is odd about the prefetches of a function. */
#ifndef PREFETCH_SCAN_RULES_H
#define PREFETCH_SCAN_RULES_H

#include "image.h"
#include "scan.h"

/*
 * Sets the odd bits of findings, all those of one stretch of code, which begins at an instruction: bytes of size at
 * address. They are sorted by address.
 */
void rules_apply(const struct image *image, const __u8 *bytes, size_t size, __u64 address,
	struct scan_finding *findings, size_t count);

#endif
