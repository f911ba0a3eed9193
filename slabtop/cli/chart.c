// SPDX-License-Identifier: GPL-2.0-or-later
#include "chart.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "words.h"

enum { WIDTH = 960, HEIGHT = 480, LEFT = 80, RIGHT = 250, TOP = 40, BOTTOM = 50, TICKS = 6 };

struct scale {
	double least, greatest; /* of the values */
	double end; /* of the times */
};

const char *series_colour(size_t number)
{
	/* Okabe and Ito's, which the colour-blind tell apart, but for black and yellow. */
	static const char *const colours[] = { "#0072b2", "#d55e00", "#009e73", "#cc79a7",
		"#e69f00", "#56b4e9", "#666666", "#8c564b" };

	return colours[number % (sizeof(colours) / sizeof(colours[0]))];
}

void print_xml(FILE *out, const char *text)
{
	char *safe = safe_text(text);

	for (const char *at = safe ? safe : ""; *at; at++) {
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
	free(safe);
}

static double across(const struct scale *scale, double time)
{
	return LEFT + time / scale->end * (WIDTH - LEFT - RIGHT);
}

static double down(const struct scale *scale, double value)
{
	return TOP + (scale->greatest - value) / (scale->greatest - scale->least) *
			     (HEIGHT - TOP - BOTTOM);
}

static struct scale measure(const struct chart *chart)
{
	struct scale scale = { .end = fmax(chart->times[chart->count - 1], 1e-9) };

	for (size_t i = 0; i < chart->series_count; i++) {
		for (size_t j = 0; j < chart->count; j++) {
			/* fmin and fmax pass NANs over. */
			scale.least = fmin(scale.least, chart->series[i].values[j]);
			scale.greatest = fmax(scale.greatest, chart->series[i].values[j]);
		}
	}
	if (scale.greatest <= scale.least)
		scale.greatest = scale.least + 1;
	return scale;
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

static void draw_axes(FILE *out, const struct scale *scale)
{
	double step = step_of(scale->greatest - scale->least, 1024);
	double time_step = step_of(scale->end, 10);
	char label[32];

	for (double value = ceil(scale->least / step) * step; value <= scale->greatest;
		value += step) {
		print_signed(label, sizeof(label), value);
		fprintf(out,
			"<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>"
			"<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
			LEFT, down(scale, value), WIDTH - RIGHT, LEFT - 8, down(scale, value) + 4,
			label);
	}
	for (double time = 0; time <= scale->end * 1.0001; time += time_step) {
		print_duration(label, sizeof(label), time);
		fprintf(out,
			"<path d=\"M%.1f %dv5\" stroke=\"#333\"/>"
			"<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
			across(scale, time), HEIGHT - BOTTOM, across(scale, time),
			HEIGHT - BOTTOM + 20, label);
	}
	fprintf(out, "<path d=\"M%d %dV%dH%d\" stroke=\"#333\" fill=\"none\"/>\n", LEFT, TOP,
		HEIGHT - BOTTOM, WIDTH - RIGHT);
}

static void draw_series(
	FILE *out, const struct chart *chart, size_t number, const struct scale *scale)
{
	const double *values = chart->series[number].values;
	bool is_drawing = false;

	fputs("<path d=\"", out);
	for (size_t i = 0; i < chart->count; i++) {
		if (isnan(values[i])) {
			is_drawing = false;
			continue;
		}
		fprintf(out, "%c%.1f %.1f", is_drawing ? 'L' : 'M', across(scale, chart->times[i]),
			down(scale, values[i]));
		is_drawing = true;
	}
	fprintf(out,
		"\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-linejoin=\"round\"/>\n",
		series_colour(number));
}

static void draw_legend(FILE *out, const struct chart *chart)
{
	for (size_t i = 0; i < chart->series_count; i++) {
		const double *values = chart->series[i].values;
		double y = TOP + 8 + 20 * (double)i, last = 0;
		char grown[32];

		for (size_t j = 0; j < chart->count; j++)
			last = isnan(values[j]) ? last : values[j];
		print_signed(grown, sizeof(grown), last);
		fprintf(out,
			"<path d=\"M%d %.1fh18\" stroke=\"%s\" stroke-width=\"3\"/><text x=\"%d\" "
			"y=\"%.1f\">",
			WIDTH - RIGHT + 12, y, series_colour(i), WIDTH - RIGHT + 36, y + 4);
		print_xml(out, chart->series[i].name);
		fprintf(out, " %s</text>\n", grown);
	}
}

void draw_chart(FILE *out, const struct chart *chart)
{
	struct scale scale = measure(chart);

	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		"height=\"%d\" "
		"font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%%\" "
		"height=\"100%%\" fill=\"#fff\"/>\n"
		"<text x=\"%d\" y=\"22\" font-size=\"15\">",
		WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT);
	print_xml(out, chart->title);
	fputs("</text>\n", out);
	draw_axes(out, &scale);
	for (size_t i = 0; i < chart->series_count; i++)
		draw_series(out, chart, i, &scale);
	draw_legend(out, chart);
	fputs("</svg>\n", out);
}
