/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What symbols.h keeps, for those who fill it. */
#ifndef KEVENTS_MAPS_SYMBOL_TABLE_H
#define KEVENTS_MAPS_SYMBOL_TABLE_H

#include <stdbool.h>
#include "symbols.h"

enum {
	SYMBOL_NAME_MAX = 4096, /* what is longer is cut */
	SYMBOL_SEGMENTS_MAX = 16,
};

struct symbol {
	uint64_t start, size;
	size_t name; /* where it is in names */
};

struct symbol_segment {
	uint64_t offset, size, address;
};

struct symbols {
	struct symbol *list; /* by start */
	size_t count, room;
	char *names;
	size_t names_size, names_room;
	struct symbol_segment segments[SYMBOL_SEGMENTS_MAX];
	size_t segment_count;
};

/* 0, -ENOMEM or -EFBIG. */
int symbols_add(struct symbols *symbols, uint64_t start, uint64_t size, const char *name);
/* To be called after the last symbols_add and before symbols_at. */
void symbols_sort(struct symbols *symbols);
/* The name around an address, which the symbols own, and *distance, bytes into it; or NULL. */
const char *symbols_at(const struct symbols *symbols, uint64_t address, uint64_t *distance);

#endif
