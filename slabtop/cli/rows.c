// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *choice_set_filter(struct choice *choice, const char *expression)
{
	static char problem[128];
	regex_t filter;
	int err = *expression ? regcomp(&filter, expression, REG_EXTENDED | REG_NOSUB) : 0;

	if (err) {
		regerror(err, &filter, problem, sizeof(problem));
		return problem;
	}
	choice_free(choice);
	choice->has_filter = *expression;
	if (*expression)
		choice->filter = filter;
	return NULL;
}

void choice_free(struct choice *choice)
{
	if (choice->has_filter)
		regfree(&choice->filter);
	choice->has_filter = false;
}

static bool is_named(struct source *source, const struct slab_track *track, const regex_t *filter)
{
	const struct facts *facts;
	const char *name;

	if (!regexec(filter, track->now.name, 0, NULL, 0))
		return true;
	facts = source_facts(source, track);
	for (size_t i = 0; (name = facts_other_name(facts, track, i)); i++)
		if (!regexec(filter, name, 0, NULL, 0))
			return true;
	return false;
}

static bool is_chosen(
	struct source *source, const struct slab_track *track, const struct choice *choice)
{
	return (!choice->has_filter || is_named(source, track, &choice->filter)) &&
	       (choice->kind == UNKNOWN ||
		       (int)source_facts(source, track)->kind == choice->kind) &&
	       (choice->min_growth == 0 ||
		       slab_growth_total(track) >= (double)choice->min_growth);
}

static int by_value(const void *one, const void *other)
{
	const struct row *a = one, *b = other;

	return a->value < b->value ? 1 : a->value > b->value ? -1 : 0;
}

static int by_name(const void *one, const void *other)
{
	const struct row *a = one, *b = other;

	return strcmp(a->track->now.name, b->track->now.name);
}

static void reverse(struct rows *rows)
{
	for (size_t i = 0; i < rows->count / 2; i++) {
		struct row row = rows->rows[i];

		rows->rows[i] = rows->rows[rows->count - 1 - i];
		rows->rows[rows->count - 1 - i] = row;
	}
}

int rows_choose(struct rows *rows, struct source *source, const struct choice *choice)
{
	const struct slab_tracker *tracker = &source->tracker;

	rows->count = 0;
	if (tracker->order_count > rows->capacity) {
		struct row *larger =
			reallocarray(rows->rows, tracker->order_count, sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		rows->rows = larger;
		rows->capacity = tracker->order_count;
	}
	for (size_t i = 0; i < tracker->order_count; i++) {
		const struct slab_track *track = tracker->tracks[tracker->order[i]];

		if (!is_chosen(source, track, choice))
			continue;
		rows->rows[rows->count++] = (struct row){
			.track = track,
			.value = choice->criterion->value
					 ? choice->criterion->value(track, tracker->page_size)
					 : 0,
		};
	}
	/* glibc's qsort, a merge sort, keeps the order of equals as long as memory is to be had. */
	if (rows->count)
		qsort(rows->rows, rows->count, sizeof(*rows->rows),
			choice->criterion->value ? by_value : by_name);
	if (choice->reversed)
		reverse(rows);
	return 0;
}

bool row_matches(struct source *source, const struct row *row, const char *text)
{
	const struct facts *facts = source_facts(source, row->track);
	const char *name = row->track->now.name;

	for (size_t i = 0; name; i++) {
		if (strcasestr(name, text))
			return true;
		name = facts_other_name(facts, row->track, i);
	}
	return false;
}

void rows_free(struct rows *rows)
{
	free(rows->rows);
	*rows = (struct rows){ 0 };
}
