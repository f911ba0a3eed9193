/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which caches are shown, and in which order. */
#ifndef SLABTOP_ROWS_H
#define SLABTOP_ROWS_H

#include <regex.h>
#include <stdbool.h>
#include "criteria.h"
#include "source.h"

struct choice {
	const struct criterion *criterion;
	bool reversed;
	int kind; /* of struct facts; UNKNOWN: all */
	__u64 min_growth; /* bytes since the start; 0: all */
	bool has_filter;
	regex_t filter; /* on any name of a cache */
};

struct row {
	const struct slab_track *track;
	double value;
};

struct rows {
	struct row *rows;
	size_t count, capacity;
};

/* 0, or what is wrong with the expression, as text that lives until the next call. */
const char *choice_set_filter(struct choice *choice, const char *expression);
/* Frees the filter. */
void choice_free(struct choice *choice);

/* The chosen caches of the last snapshot. Equals stay as the kernel has them. 0 or -ENOMEM. */
int rows_choose(struct rows *rows, struct source *source, const struct choice *choice);

/* Whether a name of the cache, in lower case or not, has the text in it. */
bool row_matches(struct source *source, const struct row *row, const char *text);

/* Frees the rows; the caches are the source's. */
void rows_free(struct rows *rows);

#endif
