/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines over time, as SVG, by itself and in a page. */
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

/* One svg element that stands by itself, with its style and a legend. */
void draw_chart(FILE *out, const struct chart *chart);

/*
 * The same for a page, which has the style and a legend: as wide as its place, and its words do not
 * become smaller.
 */
void print_chart_in_page(FILE *out, const struct chart *chart);

/* Colours, of light and of dark, as a style sheet. */
void print_chart_style(FILE *out);

/* Text as XML and HTML have it; what these cannot hold as \xNN. */
void print_xml(FILE *out, const char *text);

/* The classes that give a series its colour, --c, and its dashes. */
void print_series_class(FILE *out, size_t number);

#endif
