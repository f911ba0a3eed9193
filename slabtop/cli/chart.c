// SPDX-License-Identifier: GPL-2.0-or-later
#include "chart.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/columns.h"
#include "../../lib/text/text.h"
#include "words.h"

enum { HEIGHT = 480, LEFT = 80, RIGHT = 710, TOP = 40, BOTTOM = 50, TICKS = 6 };
/* The legend is right of that, and of a fixed width a column, so that the picture has room for it. */
enum { LEGEND_LEAST = 250, LEGEND_LINE = 36, NAME_MOST = 80 };
static const double column_width = 7.3; /* of monospace at 12: 0.602 em */
enum { COLOURS = 8, DASHES = 3 };
/* Of a picture that is stretched to its place in a page. */
enum { UNITS = 1000 };

struct scale {
	double least, greatest; /* of the values */
	double end; /* of the times */
	double left, top, width, height; /* of the picture that they are drawn in */
};

/*
 * Okabe and Ito's colours, which the colour-blind tell apart, but for black and yellow; brighter ones on
 * a dark ground.
 */
static const char style[] =
	":root{color-scheme:light dark;--back:#fff;--front:#1c2024;--dim:#5b636c;--line:#d9dee3;"
	"--c0:#0072b2;--c1:#d55e00;--c2:#00825e;--c3:#b8528f;--c4:#b07400;--c5:#2a8cc4;--c6:#666;"
	"--c7:#8c564b}\n"
	"@media (prefers-color-scheme:dark){:root{--back:#15181c;--front:#e3e6ea;--dim:#9aa3ad;"
	"--line:#32383f;--c0:#4ba3e3;--c1:#ff8a3d;--c2:#2fc79a;--c3:#e39bc6;--c4:#f0b93a;--c5:#8fd0f5;"
	"--c6:#b0b0b0;--c7:#c99a8f}}\n"
	"@media print{:root{color-scheme:light;--back:#fff;--front:#1c2024;--dim:#5b636c;--line:#d9dee3;"
	"--c0:#0072b2;--c1:#d55e00;--c2:#00825e;--c3:#b8528f;--c4:#b07400;--c5:#2a8cc4;--c6:#666;"
	"--c7:#8c564b}}\n"
	".c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}"
	".c5{--c:var(--c5)}.c6{--c:var(--c6)}.c7{--c:var(--c7)}"
	".d1{stroke-dasharray:7 3}.d2{stroke-dasharray:2 3}"
	".series{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round;"
	"vector-effect:non-scaling-stroke}"
	".grid{stroke:var(--line);vector-effect:non-scaling-stroke}"
	".axis{stroke:var(--dim);fill:none;vector-effect:non-scaling-stroke}"
	".back{fill:var(--back)}text{fill:var(--front)}\n";

void print_chart_style(FILE *out)
{
	fputs(style, out);
}

void print_series_class(FILE *out, size_t number)
{
	fprintf(out, "c%zu d%zu", number % COLOURS, number / COLOURS % DASHES);
}

static void print_escaped(FILE *out, const char *safe)
{
	for (const char *at = safe; *at; at++) {
		switch (*at) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*at, out);
		}
	}
}

void print_xml(FILE *out, const char *text)
{
	char *safe = safe_text(text);

	print_escaped(out, safe ? safe : "");
	free(safe);
}

static double across(const struct scale *scale, double time)
{
	return scale->left + time / scale->end * scale->width;
}

static double down(const struct scale *scale, double value)
{
	return scale->top + (scale->greatest - value) / (scale->greatest - scale->least) *
				    scale->height;
}

static void measure(struct scale *scale, const struct chart *chart)
{
	scale->end = fmax(chart->times[chart->count - 1], 1e-9);
	for (size_t i = 0; i < chart->series_count; i++) {
		for (size_t j = 0; j < chart->count; j++) {
			/* fmin and fmax pass NANs over. */
			scale->least = fmin(scale->least, chart->series[i].values[j]);
			scale->greatest = fmax(scale->greatest, chart->series[i].values[j]);
		}
	}
	if (scale->greatest <= scale->least)
		scale->greatest = scale->least + 1;
}

/* 1, 2 or 5 times a power of base, of which about TICKS fit. */
static double step_of(double span, double base)
{
	double step = pow(base, floor(log(span / TICKS) / log(base)));
	const double factors[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000 };

	for (size_t i = 0; i < sizeof(factors) / sizeof(factors[0]); i++)
		if (span / (step * factors[i]) <= TICKS)
			return step * factors[i];
	return step * base;
}

/* Writes what stands at a value, or at a time, whose label that is. */
typedef void tick_writer(FILE *out, const struct scale *scale, double at, const char *label);

static void each_tick(
	FILE *out, const struct scale *scale, tick_writer *write_value, tick_writer *write_time)
{
	double step = step_of(scale->greatest - scale->least, 1024);
	double time_step = step_of(scale->end, 10);
	char label[32];

	for (double value = ceil(scale->least / step) * step; value <= scale->greatest;
		value += step) {
		print_signed(label, sizeof(label), value);
		write_value(out, scale, value, label);
	}
	for (double time = 0; time <= scale->end * 1.0001; time += time_step) {
		print_duration(label, sizeof(label), time);
		write_time(out, scale, time, label);
	}
}

static void draw_value(FILE *out, const struct scale *scale, double value, const char *label)
{
	fprintf(out,
		"<path d=\"M%d %.1fH%d\" class=\"grid\"/>"
		"<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
		LEFT, down(scale, value), RIGHT, LEFT - 8, down(scale, value) + 4, label);
}

static void draw_time(FILE *out, const struct scale *scale, double time, const char *label)
{
	fprintf(out,
		"<path d=\"M%.1f %dv5\" class=\"axis\"/>"
		"<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
		across(scale, time), HEIGHT - BOTTOM, across(scale, time), HEIGHT - BOTTOM + 20,
		label);
}

static void draw_axes(FILE *out, const struct scale *scale)
{
	each_tick(out, scale, draw_value, draw_time);
	fprintf(out, "<path d=\"M%d %dV%dH%d\" class=\"axis\"/>\n", LEFT, TOP, HEIGHT - BOTTOM,
		RIGHT);
}

static void draw_series(
	FILE *out, const struct chart *chart, size_t number, const struct scale *scale)
{
	const double *values = chart->series[number].values;
	bool is_drawing = false;

	fputs("<path class=\"series ", out);
	print_series_class(out, number);
	fputs("\" d=\"", out);
	for (size_t i = 0; i < chart->count; i++) {
		if (isnan(values[i])) {
			is_drawing = false;
			continue;
		}
		fprintf(out, "%c%.1f %.1f", is_drawing ? 'L' : 'M', across(scale, chart->times[i]),
			down(scale, values[i]));
		is_drawing = true;
	}
	fputs("\"/>\n", out);
}

/* A name, cut if it is very long, and what it grew by in all. To be freed; NULL: no memory. */
static char *legend_label(const struct chart *chart, size_t number)
{
	const double *values = chart->series[number].values;
	char *safe = safe_text(chart->series[number].name), *name, *label;
	char grown[32];
	double last = 0;

	for (size_t i = 0; i < chart->count; i++)
		last = isnan(values[i]) ? last : values[i];
	print_signed(grown, sizeof(grown), last);
	name = safe ? cut_end(safe, NAME_MOST) : NULL;
	if (!name || asprintf(&label, "%s %s", name, grown) < 0)
		label = NULL;
	free(safe);
	free(name);
	return label;
}

static double legend_width(char *const *labels, size_t count)
{
	double width = LEGEND_LEAST;

	for (size_t i = 0; i < count; i++)
		if (labels[i])
			width = fmax(width, LEGEND_LINE + 12 +
						    column_width * (double)text_columns(labels[i]));
	return ceil(width);
}

static void draw_legend_line(FILE *out, size_t number, const char *label)
{
	double y = TOP + 8 + 20 * (double)number;

	fputs("<path class=\"series ", out);
	print_series_class(out, number);
	fprintf(out, "\" d=\"M%d %.1fh18\"/><text class=\"name\" x=\"%d\" y=\"%.1f\">", RIGHT + 12,
		y, RIGHT + LEGEND_LINE, y + 4);
	print_escaped(out, label ? label : "");
	fputs("</text>\n", out);
}

static void draw_frame(FILE *out, const struct chart *chart, double width)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\" width=\"%.0f\" "
		"height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n<style>",
		width, HEIGHT, width, HEIGHT);
	print_chart_style(out);
	fprintf(out,
		".name{font-family:monospace}</style>\n"
		"<rect width=\"100%%\" height=\"100%%\" class=\"back\"/>\n"
		"<text x=\"%d\" y=\"22\" font-size=\"15\">",
		LEFT);
	print_xml(out, chart->title);
	fputs("</text>\n", out);
}

void draw_chart(FILE *out, const struct chart *chart)
{
	struct scale scale = { .left = LEFT,
		.top = TOP,
		.width = RIGHT - LEFT,
		.height = HEIGHT - TOP - BOTTOM };
	char *labels[CHART_SERIES_MAX];

	for (size_t i = 0; i < chart->series_count; i++)
		labels[i] = legend_label(chart, i);
	measure(&scale, chart);
	draw_frame(out, chart, RIGHT + legend_width(labels, chart->series_count));
	draw_axes(out, &scale);
	for (size_t i = 0; i < chart->series_count; i++)
		draw_series(out, chart, i, &scale);
	for (size_t i = 0; i < chart->series_count; i++) {
		draw_legend_line(out, i, labels[i]);
		free(labels[i]);
	}
	fputs("</svg>\n", out);
}

/* The words of the axes, beside the picture: they keep their size when that is stretched. */
static void label_value(FILE *out, const struct scale *scale, double value, const char *label)
{
	fprintf(out, "<span class=\"y\" style=\"top:%.2f%%\">%s</span>\n",
		down(scale, value) / UNITS * 100, label);
}

static void label_time(FILE *out, const struct scale *scale, double time, const char *label)
{
	fprintf(out, "<span class=\"x\" style=\"left:%.2f%%\">%s</span>\n",
		across(scale, time) / UNITS * 100, label);
}

void print_chart_in_page(FILE *out, const struct chart *chart)
{
	struct scale scale = { .width = UNITS, .height = UNITS };
	double step;

	measure(&scale, chart);
	step = step_of(scale.greatest - scale.least, 1024);
	fprintf(out,
		"<div class=\"chart\">\n<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" "
		"role=\"img\" aria-label=\"The growth of each cache over time; the figures are in the "
		"table\">\n",
		UNITS, UNITS);
	for (double value = ceil(scale.least / step) * step; value <= scale.greatest; value += step)
		fprintf(out, "<path d=\"M0 %.1fH%d\" class=\"grid\"/>\n", down(&scale, value),
			UNITS);
	fprintf(out, "<path d=\"M0 0V%dH%d\" class=\"axis\"/>\n", UNITS, UNITS);
	for (size_t i = 0; i < chart->series_count; i++)
		draw_series(out, chart, i, &scale);
	fputs("</svg>\n", out);
	each_tick(out, &scale, label_value, label_time);
	fputs("</div>\n", out);
}
