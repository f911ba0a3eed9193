/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sample: whole pages in memory of its own, which is not swapped, not in core dumps, not in children, and cleared
 * before it is given back, since it may be the memory of other programs.
 */
#ifndef RAMSWAP_MEASURE_PAGES_H
#define RAMSWAP_MEASURE_PAGES_H

#include <linux/types.h>
#include <stddef.h>
#include "../ramswap.h"

struct measure_pages {
	unsigned char *bytes; /* from the beginning of a page on */
	size_t page_size;
	size_t count; /* pages of the sample */
	size_t room; /* pages that there is memory for */
};

/* Room for so many pages, of which there are none. 0; or a negative errno, and what was wrong. */
int measure_pages_get(struct measure_pages *pages, size_t room, struct ramswap_problem *problem);

void measure_pages_clear(struct measure_pages *pages);

static inline unsigned char *measure_page(const struct measure_pages *pages, size_t page)
{
	return pages->bytes + page * pages->page_size;
}

#endif
