// SPDX-License-Identifier: GPL-2.0-or-later
#include "columns.h"
#include <stdio.h>
#include <string.h>
#include "../../lib/text/size.h"
#include "sparkline.h"
#include "words.h"

/* In the order of the screen. Widths are those of procps-ng; a column grows when it has to. */
static const struct {
	const char *title;
	int width;
	char letter;
} columns[COLUMN_COUNT] = {
	[OBJS] = { "OBJS", 6, 'o' },
	[ACTIVE] = { "ACTIVE", 6, 'a' },
	[USE] = { "USE", 4, 'u' },
	[OBJ_SIZE] = { "OBJ SIZE", 8, 's' },
	[SLABS] = { "SLABS", 6, 'l' },
	[OBJ_PER_SLAB] = { "OBJ/SLAB", 8, 'b' },
	[CACHE_SIZE] = { "CACHE SIZE", 10, 'c' },
	[RATE] = { "GROWTH/s", 8, 'g' },
	[GROWN] = { "GROWN", 7, 't' },
	[TREND] = { "TREND", TREND_WIDTH, 0 },
};

static const enum column usual_priority[COLUMN_COUNT] = { CACHE_SIZE, OBJS, USE, ACTIVE, OBJ_SIZE,
	SLABS, OBJ_PER_SLAB, RATE, TREND, GROWN };
static const enum column growth_priority[COLUMN_COUNT] = { RATE, GROWN, CACHE_SIZE, TREND, OBJS,
	ACTIVE, USE, OBJ_SIZE, SLABS, OBJ_PER_SLAB };

const char *column_title(enum column column)
{
	return columns[column].title;
}

enum column sorted_column(const struct view *view)
{
	enum column column = OBJS;

	while (column < COLUMN_COUNT && columns[column].letter != view->choice.criterion->letter)
		column++;
	return column;
}

static void print_size(char *text, double bytes, bool human, int decimals)
{
	if (human)
		size_print(text, CELL_SIZE, bytes);
	else
		snprintf(text, CELL_SIZE, "%.*fK", decimals, bytes / 1024);
}

static void fill_growth(
	struct cells *cells, const struct slab_track *track, const struct view *view)
{
	__u64 values[TREND_WIDTH];
	size_t count = slab_track_history(track, values, TREND_WIDTH);

	if (track->samples < 2)
		return;
	print_signed(cells->text[RATE], CELL_SIZE, slab_growth_rate(track));
	print_signed(cells->text[GROWN], CELL_SIZE, slab_growth_total(track));
	if (values[count - 1] > values[0]) {
		draw_sparkline(cells->text[TREND], values, count, view->is_utf8);
		cells->width[TREND] = (int)count;
	}
}

void fill_cells(struct cells *cells, const struct slab_cache *cache, const struct slab_track *track,
	bool is_cache, __u64 page_size, const struct view *view)
{
	double bytes = (double)slab_cache_bytes(cache, page_size);

	memset(cells, 0, sizeof(*cells));
	snprintf(cells->text[OBJS], CELL_SIZE, "%llu", (unsigned long long)cache->num_objs);
	snprintf(cells->text[ACTIVE], CELL_SIZE, "%llu", (unsigned long long)cache->active_objs);
	snprintf(cells->text[USE], CELL_SIZE, "%u%%",
		(unsigned int)percentage((double)cache->active_objs, (double)cache->num_objs));
	print_size(cells->text[OBJ_SIZE], (double)cache->obj_size, view->human, 2);
	snprintf(cells->text[SLABS], CELL_SIZE, "%llu", (unsigned long long)cache->num_slabs);
	snprintf(cells->text[OBJ_PER_SLAB], CELL_SIZE, "%llu",
		(unsigned long long)cache->objs_per_slab);
	print_size(cells->text[CACHE_SIZE], bytes, view->human, 0);
	if (is_cache)
		fill_growth(cells, track, view);
	for (enum column column = OBJS; column < TREND; column++)
		cells->width[column] = (int)strlen(cells->text[column]);
}

int column_width(const struct view *view, enum column column)
{
	return view->widths[column] > columns[column].width ? view->widths[column]
							    : columns[column].width;
}

int choose_columns(bool chosen[COLUMN_COUNT], const struct view *view, int name_width, int width)
{
	const enum column *priority = view->growth ? growth_priority : usual_priority;
	enum column sorted = sorted_column(view);
	/* However long names are, half of the screen is for figures. */
	int left = width - (name_width < width / 2 ? name_width : width / 2);

	memset(chosen, 0, COLUMN_COUNT * sizeof(*chosen));
	for (int i = -1; i < COLUMN_COUNT; i++) {
		enum column column = i < 0 ? sorted : priority[i];
		int wanted;

		if (column == COLUMN_COUNT || chosen[column])
			continue;
		wanted = column_width(view, column) + 1;
		if (wanted > left)
			continue;
		chosen[column] = true;
		left -= wanted;
		width -= wanted;
	}
	return width;
}
