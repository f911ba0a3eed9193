/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns before the name: what is in them, and which of them there is room for. */
#ifndef SLABTOP_COLUMNS_H
#define SLABTOP_COLUMNS_H

#include "view.h"

enum { CELL_SIZE = 3 * SLAB_HISTORY + 1, TREND_WIDTH = 16 };

/* Cells of one row, and how wide each is on a screen. */
struct cells {
	char text[COLUMN_COUNT][CELL_SIZE];
	int width[COLUMN_COUNT];
};

/* is_cache: the figures are the track's own, so that there is growth to tell. */
void fill_cells(struct cells *cells, const struct slab_cache *cache, const struct slab_track *track,
	bool is_cache, __u64 page_size, const struct view *view);

/*
 * Which columns fit beside a name of that many characters, into chosen; the name gets what is left,
 * which is returned.
 */
int choose_columns(bool chosen[COLUMN_COUNT], const struct view *view, int name_width, int width);

/* A static string: "OBJ SIZE". */
const char *column_title(enum column column);

/* As wide as its title and whatever it had to hold so far; a space follows. */
int column_width(const struct view *view, enum column column);

/* The column of what is sorted by; COLUMN_COUNT: the name, or none. */
enum column sorted_column(const struct view *view);

#endif
