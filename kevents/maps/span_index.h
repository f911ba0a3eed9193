/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cells of spans.h: which spans touch a piece of a space, in the order of time. */
#ifndef KEVENTS_MAPS_SPAN_INDEX_H
#define KEVENTS_MAPS_SPAN_INDEX_H

#include "spans.h"

struct cell {
	struct cell *next; /* of the bucket */
	const struct space *space;
	uint64_t number;    /* its first address >> level */
	unsigned int level; /* 2^level bytes */
	size_t count, room;
	struct span **spans; /* by time, then sequence */
};

/* Into the one or two that it touches. 0 or -ENOMEM: then it is in none. */
int span_index_add(struct spans *spans, struct span *span);

/* The cell of an address, for number: address >> level. NULL: it has no span. */
const struct cell *span_index_find(
	const struct spans *spans, const struct space *space, unsigned int level, uint64_t number);

/* The index of the first span that is of a later time; count if there is none. */
size_t cell_first_after(const struct cell *cell, uint64_t time);

/* Frees the cells that this span is in, with the other spans' places in them. */
void span_index_drop(struct spans *spans, const struct span *span);

/* Takes out the spans that are dead. */
void span_index_take_out_dead(struct spans *spans);

/* Frees the cells and their buckets; the spans are the spaces' own. */
void span_index_free(struct spans *spans);

#endif
