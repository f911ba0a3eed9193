/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The swap header that mkswap(8) writes, version 1: include/linux/swap.h, union swap_header. It fills the first page of
 * the device, in the machine's byte order; the last ten bytes of the page are "SWAPSPACE2".
 */
#ifndef RAMSWAP_APPLY_HEADER_H
#define RAMSWAP_APPLY_HEADER_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

enum { HEADER_UUID_TEXT_MAX = 37 };

/* A random one, of version 4, in text. 0 or a negative errno. */
int header_uuid_make(char text[HEADER_UUID_TEXT_MAX]);

/*
 * page: page_size bytes. size: of the device, of which 2^32 pages at most are used. -EINVAL: uuid is none, or there are
 * fewer than ten pages.
 */
int header_make(__u8 *page, size_t page_size, __u64 size, const char *uuid);

/* Whether it is one with ramswap's label; then its UUID, in text. */
bool header_parse(const __u8 *page, size_t page_size, char uuid[HEADER_UUID_TEXT_MAX]);

#endif
