// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "span_index.h"

enum {
	LEVEL_MIN = 6, /* smaller spans share cells of 64 bytes */
	BUCKETS_MIN = 1024,
	ROOM_MIN = 2,
};

static unsigned int level_of(const struct span *span)
{
	uint64_t reach = span->last - span->start;
	unsigned int level = reach ? 64 - (unsigned int)__builtin_clzll(reach) : 0;

	return level < LEVEL_MIN ? LEVEL_MIN : level > 63 ? 63 : level;
}

static size_t hash(const struct space *space, unsigned int level, uint64_t number)
{
	uint64_t mixed = (number * 64 + level + ((uintptr_t)space >> 4)) * 0x9e3779b97f4a7c15ULL;

	return (size_t)(mixed ^ mixed >> 29);
}

static struct cell **find_link(
	const struct spans *spans, const struct space *space, unsigned int level, uint64_t number)
{
	struct cell **link = &spans->buckets[hash(space, level, number) % spans->bucket_count];

	while (*link &&
		((*link)->number != number || (*link)->space != space || (*link)->level != level))
		link = &(*link)->next;
	return link;
}

const struct cell *span_index_find(
	const struct spans *spans, const struct space *space, unsigned int level, uint64_t number)
{
	return spans->bucket_count ? *find_link(spans, space, level, number) : NULL;
}

static int grow(struct spans *spans)
{
	size_t count = spans->bucket_count ? spans->bucket_count * 2 : BUCKETS_MIN;
	struct cell **buckets = calloc(count, sizeof(*buckets));

	if (!buckets)
		return spans->bucket_count ? 0 : -ENOMEM;
	for (size_t i = 0; i < spans->bucket_count; i++) {
		while (spans->buckets[i]) {
			struct cell *cell = spans->buckets[i];
			struct cell **bucket =
				&buckets[hash(cell->space, cell->level, cell->number) % count];

			spans->buckets[i] = cell->next;
			cell->next = *bucket;
			*bucket = cell;
		}
	}
	free(spans->buckets);
	spans->buckets = buckets;
	spans->memory += (count - spans->bucket_count) * sizeof(struct cell *);
	spans->bucket_count = count;
	return 0;
}

static struct cell *find_or_make(
	struct spans *spans, const struct space *space, unsigned int level, uint64_t number)
{
	struct cell **link, *cell;

	if (spans->cell_count >= spans->bucket_count && grow(spans))
		return NULL;
	link = find_link(spans, space, level, number);
	if (*link)
		return *link;
	cell = calloc(1, sizeof(*cell));
	if (!cell)
		return NULL;
	cell->space = space;
	cell->level = level;
	cell->number = number;
	*link = cell;
	spans->cell_count++;
	spans->memory += sizeof(*cell);
	return cell;
}

static int make_room(struct spans *spans, struct cell *cell)
{
	size_t room = cell->room ? cell->room * 2 : ROOM_MIN;
	struct span **list;

	if (cell->count < cell->room)
		return 0;
	list = realloc(cell->spans, room * sizeof(*list));
	if (!list)
		return -ENOMEM;
	spans->memory += (room - cell->room) * sizeof(*list);
	cell->spans = list;
	cell->room = room;
	return 0;
}

size_t cell_first_after(const struct cell *cell, uint64_t time)
{
	size_t low = 0, high = cell->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (cell->spans[middle]->time > time)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void insert(struct cell *cell, struct span *span)
{
	size_t at = cell_first_after(cell, span->time);

	memmove(cell->spans + at + 1, cell->spans + at, (cell->count - at) * sizeof(*cell->spans));
	cell->spans[at] = span;
	cell->count++;
}

int span_index_add(struct spans *spans, struct span *span)
{
	unsigned int level = level_of(span);
	uint64_t first = span->start >> level, last = span->last >> level;
	struct cell *cell = find_or_make(spans, span->space, level, first);
	struct cell *second =
		cell && last != first ? find_or_make(spans, span->space, level, last) : NULL;

	if (!cell || make_room(spans, cell))
		return -ENOMEM;
	if (last != first && (!second || make_room(spans, second)))
		return -ENOMEM;
	insert(cell, span);
	if (second)
		insert(second, span);
	span->space->sizes |= 1ULL << level;
	return 0;
}

static void free_cell(struct spans *spans, struct cell **link)
{
	struct cell *cell = *link;

	*link = cell->next;
	spans->cell_count--;
	spans->memory -= sizeof(*cell) + cell->room * sizeof(*cell->spans);
	free(cell->spans);
	free(cell);
}

void span_index_drop(struct spans *spans, const struct span *span)
{
	unsigned int level = level_of(span);
	uint64_t first = span->start >> level, last = span->last >> level;
	struct cell **link = find_link(spans, span->space, level, first);

	if (*link)
		free_cell(spans, link);
	link = find_link(spans, span->space, level, last);
	if (*link)
		free_cell(spans, link);
}

static void compact(struct cell *cell)
{
	size_t kept = 0;

	for (size_t i = 0; i < cell->count; i++)
		if (!cell->spans[i]->is_dead)
			cell->spans[kept++] = cell->spans[i];
	cell->count = kept;
}

/* Gives back room that was needed once. */
static void shrink(struct spans *spans, struct cell *cell)
{
	struct span **list;

	if (cell->room < 16 || cell->count * 4 > cell->room)
		return;
	list = realloc(cell->spans, cell->count * 2 * sizeof(*list));
	if (!list)
		return;
	spans->memory -= (cell->room - cell->count * 2) * sizeof(*list);
	cell->spans = list;
	cell->room = cell->count * 2;
}

void span_index_take_out_dead(struct spans *spans)
{
	for (size_t i = 0; i < spans->bucket_count; i++) {
		struct cell **link = &spans->buckets[i];

		while (*link) {
			compact(*link);
			if ((*link)->count) {
				shrink(spans, *link);
				link = &(*link)->next;
			} else {
				free_cell(spans, link);
			}
		}
	}
}

void span_index_free(struct spans *spans)
{
	for (size_t i = 0; i < spans->bucket_count; i++)
		while (spans->buckets[i])
			free_cell(spans, &spans->buckets[i]);
	free(spans->buckets);
	spans->buckets = NULL;
	spans->bucket_count = 0;
}
