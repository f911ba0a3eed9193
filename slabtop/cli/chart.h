/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines over time, as SVG. */
#ifndef SLABTOP_CHART_H
#define SLABTOP_CHART_H

#include <stdio.h>

enum { CHART_SERIES_MAX = 20 };

struct chart_series {
	const char *name; /* any bytes */
	const double *values; /* bytes; NAN where there is none */
};

struct chart {
	const char *title;
	const double *times; /* seconds, from 0 on, ascending */
	size_t count; /* of times, and of each series' values; at least 2 */
	const struct chart_series *series;
	size_t series_count; /* at most CHART_SERIES_MAX */
};

/* One svg element, which stands by itself and in a page. */
void draw_chart(FILE *out, const struct chart *chart);

/* Text as XML and HTML have it; what these cannot hold as \xNN. */
void print_xml(FILE *out, const char *text);

/* The colour of a series, as "#rrggbb". */
const char *series_colour(size_t number);

#endif
