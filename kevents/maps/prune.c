// SPDX-License-Identifier: GPL-2.0-or-later
#include "span_index.h"
#include "spans.h"

static bool is_code(const struct span *span)
{
	return span->kind == SPAN_CODE || span->kind == SPAN_CODE_GONE ||
	       span->kind == SPAN_SEEN_CODE;
}

/* Whether nobody will see a again once b is there. A piece of code goes as a whole. */
static bool hides(const struct span *b, const struct span *a)
{
	if (is_code(a) != is_code(b))
		return false;
	if (is_code(a))
		return a->start <= b->last && b->start <= a->last;
	/* What is only gone may be asked for to see whether code is still there. */
	return b->start <= a->start && b->last >= a->last &&
	       (b->kind != SPAN_MEMORY || a->kind == SPAN_MEMORY);
}

static void mark_hidden(struct cell *cell, uint64_t horizon)
{
	for (size_t i = 0; i + 1 < cell->count; i++) {
		struct span *span = cell->spans[i];

		for (size_t j = i + 1; j < cell->count && cell->spans[j]->time < horizon; j++) {
			if (hides(cell->spans[j], span)) {
				span->is_dead = true;
				break;
			}
		}
	}
}

/* Frees the dead, which no cell holds any more. */
static void sweep(struct spans *spans)
{
	span_index_take_out_dead(spans);
	for (struct space *space = spans->spaces; space; space = space->next)
		space_sweep(spans, space);
}

/* What a space had when the oldest of its children was forked is still asked for. */
static void note_oldest_children(struct spans *spans)
{
	for (struct space *space = spans->spaces; space; space = space->next)
		space->oldest_child = UINT64_MAX;
	for (struct space *space = spans->spaces; space; space = space->next)
		if (space->parent && space->fork_time < space->parent->oldest_child)
			space->parent->oldest_child = space->fork_time;
}

void spans_prune_hidden(struct spans *spans, uint64_t horizon)
{
	note_oldest_children(spans);
	for (size_t i = 0; i < spans->bucket_count; i++)
		for (struct cell *cell = spans->buckets[i]; cell; cell = cell->next)
			mark_hidden(cell, horizon < cell->space->oldest_child
						  ? horizon
						  : cell->space->oldest_child);
	sweep(spans);
}

void spans_prune_code(struct spans *spans, uint64_t horizon)
{
	for (struct space *space = spans->spaces; space; space = space->next)
		for (struct span *span = space->spans; span; span = span->next)
			if (is_code(span) && span->time < horizon)
				span->is_dead = true;
	sweep(spans);
}
