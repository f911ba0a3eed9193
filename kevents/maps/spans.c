// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "span_index.h"
#include "spans.h"

enum {
	DEPTH_MAX = 64, /* a space with more parents copies instead */
	CANDIDATES_MAX = 99,
};

static int copy_inherited(struct spans *spans, struct space *space);

static struct space *space_get(struct space *space)
{
	space->references++;
	return space;
}

struct space *space_new(struct spans *spans, struct space *parent, uint64_t fork_time)
{
	struct space *space = calloc(1, sizeof(*space));

	if (!space)
		return NULL;
	space->references = 1;
	space->fork_time = fork_time;
	space->next = spans->spaces;
	space->link = &spans->spaces;
	if (space->next)
		space->next->link = &space->next;
	spans->spaces = space;
	spans->memory += sizeof(*space);
	if (!parent)
		return space;
	space->parent = space_get(parent);
	space->depth = parent->depth + 1;
	if (space->depth > DEPTH_MAX && copy_inherited(spans, space)) {
		space_put(spans, space);
		return NULL;
	}
	return space;
}

static void free_span(struct spans *spans, struct span *span)
{
	subject_put(&spans->subjects, span->subject);
	spans->span_count--;
	spans->memory -= sizeof(*span);
	free(span);
}

void space_put(struct spans *spans, struct space *space)
{
	while (space && !--space->references) {
		struct space *parent = space->parent;

		while (space->spans) {
			struct span *span = space->spans;

			space->spans = span->next;
			span_index_drop(spans, span); /* whole cells: they are of one space */
			free_span(spans, span);
		}
		*space->link = space->next;
		if (space->next)
			space->next->link = space->link;
		spans->memory -= sizeof(*space);
		free(space);
		space = parent;
	}
}

int spans_add(
	struct spans *spans, struct space *space, const struct span *model, struct subject *subject)
{
	struct span *span = malloc(sizeof(*span));

	if (!span)
		goto err_put;
	*span = *model;
	span->space = space;
	span->subject = subject;
	span->sequence = ++spans->sequence;
	span->is_dead = false;
	if (span_index_add(spans, span))
		goto err_free;
	span->next = space->spans;
	space->spans = span;
	space->span_count++;
	spans->span_count++;
	spans->memory += sizeof(*span);
	return 0;

err_free:
	free(span);
err_put:
	subject_put(&spans->subjects, subject);
	return -ENOMEM;
}

/* Adds what of parent is visible at time, and what it inherited, oldest first. */
static int copy_visible(
	struct spans *spans, struct space *space, const struct space *parent, uint64_t time)
{
	const struct span **list;
	size_t count = 0;
	int err = 0;

	if (parent->parent) {
		err = copy_visible(spans, space, parent->parent,
			time < parent->fork_time ? time : parent->fork_time);
		if (err)
			return err;
	}
	if (!parent->span_count)
		return 0;
	list = calloc(parent->span_count, sizeof(const struct span *));
	if (!list)
		return -ENOMEM;
	for (const struct span *span = parent->spans; span; span = span->next)
		if (span->earliest <= time)
			list[count++] = span;
	while (count-- && !err)
		err = spans_add(spans, space, list[count],
			list[count]->subject ? subject_get(list[count]->subject) : NULL);
	free(list);
	return err;
}

/* Makes a space that stands on its own of one that hangs on a long line of parents. */
static int copy_inherited(struct spans *spans, struct space *space)
{
	struct space *parent = space->parent;
	int err = copy_visible(spans, space, parent, space->fork_time);

	if (err)
		return err;
	space->parent = NULL;
	space->depth = 0;
	space_put(spans, parent);
	return 0;
}

static bool is_later(const struct span *a, const struct span *b)
{
	return !b || a->time > b->time || (a->time == b->time && a->sequence > b->sequence);
}

struct search {
	uint64_t address, time;
	unsigned int kinds;
	struct found found;
	const struct subject *subjects[CANDIDATES_MAX]; /* of found.maybe */
};

static bool is_wanted(const struct search *search, const struct span *span)
{
	return search->address >= span->start && search->address <= span->last &&
	       SPAN_BIT(span->kind) & search->kinds;
}

static void note_maybe(struct search *search, const struct span *span)
{
	unsigned int i = 0;

	if (is_later(span, search->found.maybe))
		search->found.maybe = span;
	while (i < search->found.candidates && search->subjects[i] != span->subject)
		i++;
	if (i == search->found.candidates && i < CANDIDATES_MAX)
		search->subjects[search->found.candidates++] = span->subject;
}

static void find_in_cell(const struct cell *cell, struct search *search)
{
	size_t first_after = cell_first_after(cell, search->time);

	for (size_t i = first_after; i--;) {
		if (!is_wanted(search, cell->spans[i]))
			continue;
		if (is_later(cell->spans[i], search->found.sure))
			search->found.sure = cell->spans[i];
		break;
	}
	for (size_t i = first_after; i < cell->count; i++) {
		const struct span *span = cell->spans[i];

		if (!(SPAN_BIT(span->kind) & search->kinds))
			continue;
		/* What is seen at one look was not there at the look before: the bounds grow alike.
		 */
		if (span->earliest > search->time)
			break;
		if (is_wanted(search, span))
			note_maybe(search, span);
	}
}

/* Counts what is sure with what may be. */
static void note_sure(struct search *search)
{
	for (unsigned int i = 0; i < search->found.candidates; i++)
		if (search->subjects[i] == search->found.sure->subject)
			return;
	search->found.candidates++;
}

struct found spans_find(const struct spans *spans, const struct space *space, uint64_t address,
	uint64_t time, unsigned int kinds)
{
	struct search search = {.address = address, .time = time, .kinds = kinds};

	for (;;) {
		for (uint64_t sizes = space->sizes; sizes; sizes &= sizes - 1) {
			unsigned int level = (unsigned int)__builtin_ctzll(sizes);
			const struct cell *cell = span_index_find(spans, space, level, address >> level);

			if (cell)
				find_in_cell(cell, &search);
		}
		if (search.found.sure || !space->parent)
			break;
		if (search.time > space->fork_time)
			search.time = space->fork_time;
		space = space->parent;
	}
	if (search.found.sure)
		note_sure(&search);
	return search.found;
}

void space_sweep(struct spans *spans, struct space *space)
{
	struct span **link = &space->spans;

	while (*link) {
		struct span *span = *link;

		if (!span->is_dead) {
			link = &span->next;
			continue;
		}
		*link = span->next;
		space->span_count--;
		free_span(spans, span);
	}
}

void spans_free(struct spans *spans)
{
	span_index_free(spans);
	subjects_free(&spans->subjects);
	*spans = (struct spans){0};
}
