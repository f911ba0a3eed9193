/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/pagemap: where the pages of a process are (Documentation/admin-guide/mm/pagemap.rst). */
#ifndef RAMSWAP_MEASURE_PAGEMAP_H
#define RAMSWAP_MEASURE_PAGEMAP_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* Bits of an entry that need no privilege. */
#define PAGEMAP_EXCLUSIVE (1ULL << 56) /* no other process maps it */
#define PAGEMAP_FILE (1ULL << 61) /* of a file, or shared */
#define PAGEMAP_SWAPPED (1ULL << 62)
#define PAGEMAP_PRESENT (1ULL << 63)

/*
 * Reads the entries of count pages from the address on. How many were read, which is fewer at the end of what can be
 * mapped; or a negative errno.
 */
long measure_pagemap_read(int pagemap, size_t page_size, __u64 address, __u64 *entries, size_t count);

/*
 * Whether it is a page of this process alone that a swap could take, and is in memory. Memory of devices and the
 * page of zeros are not: for the kernel they are no pages that somebody maps.
 */
bool measure_pagemap_is_own(__u64 entry);

#endif
