// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/file/write_whole.h"
#include "../../lib/text/size.h"
#include "../../lib/text/text.h"
#include "chart.h"
#include "cli.h"
#include "config.h"
#include "options.h"
#include "rows.h"
#include "words.h"

enum { POINTS_MAX = 1000 };

struct plot_job {
	struct choice choice;
	unsigned int top;
	const char *input, *output;
	bool is_page;
};

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), wanted = strlen(end);

	return length > wanted && !strcmp(text + length - wanted, end);
}

static int check(struct plot_job *job)
{
	if (!job->output)
		return usage_error("-o OUT.svg or -o OUT.html is missing");
	job->is_page = ends_with(job->output, ".html");
	if (!job->is_page && !ends_with(job->output, ".svg"))
		return usage_error("%s: neither .svg nor .html", job->output);
	return EXIT_OK;
}

/* Some hundred points of a recording, for all of its caches. */
struct points {
	size_t count;
	double *times;
	double **values; /* by the id of a track: count of them, or NULL */
	size_t tracks;
};

static void points_free(struct points *points)
{
	for (size_t i = 0; i < points->tracks; i++)
		free(points->values[i]);
	free(points->values);
	free(points->times);
}

static double *values_of(struct points *points, size_t id)
{
	if (id >= points->tracks) {
		double **values = reallocarray(points->values, id + 1, sizeof(*values));

		if (!values)
			return NULL;
		while (points->tracks <= id)
			values[points->tracks++] = NULL;
		points->values = values;
	}
	if (!points->values[id]) {
		points->values[id] = calloc(points->count, sizeof(double));
		for (size_t i = 0; points->values[id] && i < points->count; i++)
			points->values[id][i] = NAN;
	}
	return points->values[id];
}

/* The last one is always the last frame. */
static size_t frame_of(const struct source *source, const struct points *points, size_t point)
{
	size_t last = slab_recording_frames(source->recording) - 1;

	return points->count > 1 ? point * last / (points->count - 1) : 0;
}

static int take_point(struct points *points, size_t point, struct source *source)
{
	const struct slab_tracker *tracker = &source->tracker;
	int err = slab_recording_seek(
		source->recording, frame_of(source, points, point), &source->snapshot);

	if (!err)
		err = slab_tracker_update(&source->tracker, &source->snapshot);
	if (err)
		return err;
	points->times[point] =
		(double)(source->snapshot.monotonic - slab_recording_time(source->recording, 0)) *
		1e-9;
	for (size_t i = 0; i < tracker->order_count; i++) {
		const struct slab_track *track = tracker->tracks[tracker->order[i]];
		double *values = values_of(points, track->id);

		if (!values)
			return -ENOMEM;
		values[point] = slab_growth_total(track);
	}
	return 0;
}

static int take_points(struct points *points, struct source *source)
{
	size_t frames = slab_recording_frames(source->recording);
	int err = 0;

	points->count = frames < POINTS_MAX ? frames : POINTS_MAX;
	points->times = calloc(points->count, sizeof(double));
	if (!points->times)
		return -ENOMEM;
	for (size_t i = 0; i < points->count && !err; i++)
		err = take_point(points, i, source);
	return err;
}

static const char page_style[] =
	"*{box-sizing:border-box}"
	"body{font:15px/1.4 system-ui,sans-serif;margin:0;background:var(--back);color:var(--front)}"
	"main{padding:1em clamp(.6em,3vw,2em)}h1{font-size:1.15em;margin:0 0 1em;overflow-wrap:anywhere}"
	".chart{position:relative;height:clamp(260px,55vh,640px);margin:.6em 2em 2.4em 4.5em}"
	".chart svg{display:block;width:100%;height:100%;overflow:visible}"
	".chart span{position:absolute;font-size:.85em;color:var(--dim);white-space:nowrap}"
	".chart .y{right:100%;margin-right:.6em;transform:translateY(-50%)}"
	".chart .x{top:100%;margin-top:.4em;transform:translateX(-50%)}"
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
	"td,th{padding:3px .6em;text-align:right;border-bottom:1px solid var(--line)}"
	"td:first-child,th:first-child{text-align:left;overflow-wrap:anywhere}th{color:var(--dim)}"
	"td:first-child{position:relative;padding-left:calc(22px + 1.2em)}"
	"td svg{position:absolute;left:.6em;top:.85em;width:22px;height:8px}"
	"@media print{.chart{height:9cm}svg{print-color-adjust:exact;"
	"-webkit-print-color-adjust:exact}tr{break-inside:avoid}}\n";

/* Sizes in the units of the picture, exact ones where the pointer rests. */
static void print_table(FILE *out, const struct rows *rows, size_t count)
{
	char grown[32], size[32];

	fputs("<table>\n<tr><th scope=\"col\">cache</th><th scope=\"col\">grown</th>"
	      "<th scope=\"col\">in use, objects</th><th scope=\"col\">object size</th></tr>\n",
		out);
	for (size_t i = 0; i < count; i++) {
		const struct slab_track *track = rows->rows[i].track;

		print_signed(grown, sizeof(grown), slab_growth_total(track));
		size_print(size, sizeof(size), (double)track->now.obj_size);
		fputs("<tr><td><svg viewBox=\"0 0 22 8\" aria-hidden=\"true\"><path class=\"series ", out);
		print_series_class(out, i);
		fputs("\" d=\"M0 4h22\"/></svg>", out);
		print_xml(out, track->now.name);
		fprintf(out,
			"</td><td title=\"%.0f bytes\">%s</td><td>%llu</td>"
			"<td title=\"%llu bytes\">%s</td></tr>\n",
			slab_growth_total(track), grown, (unsigned long long)track->now.active_objs,
			(unsigned long long)track->now.obj_size, size);
	}
	fputs("</table>\n", out);
}

static void print_page(FILE *out, const struct chart *chart, const struct rows *rows)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
		out);
	print_xml(out, chart->title);
	fputs("</title>\n<style>", out);
	print_chart_style(out);
	fputs(page_style, out);
	fputs("</style>\n<main>\n<h1>", out);
	print_xml(out, chart->title);
	fputs("</h1>\n", out);
	print_chart_in_page(out, chart);
	print_table(out, rows, chart->series_count);
	fputs("</main>\n</html>\n", out);
}

static void print_plot(FILE *out, const struct plot_job *job, const struct source *source,
	const struct points *points, const struct rows *rows)
{
	struct chart_series series[CHART_SERIES_MAX];
	char title[256], time[32], length[32];
	struct chart chart = {
		.title = title, .times = points->times, .count = points->count, .series = series
	};

	for (; chart.series_count < job->top && chart.series_count < rows->count;
		chart.series_count++) {
		const struct slab_track *track = rows->rows[chart.series_count].track;

		series[chart.series_count] =
			(struct chart_series){ track->now.name, points->values[track->id] };
	}
	print_time(time, source->snapshot.time / 1000000000);
	print_duration(length, sizeof(length), points->times[points->count - 1]);
	snprintf(title, sizeof(title), "Slab caches: growth in %s until %s, kernel %.100s", length,
		time, slab_recording_kernel(source->recording));
	if (job->is_page)
		print_page(out, &chart, rows);
	else
		draw_chart(out, &chart);
}

static int write_plot(
	const struct plot_job *job, struct source *source, const struct points *points)
{
	struct rows rows = { 0 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err = out ? rows_choose(&rows, source, &job->choice) : -ENOMEM;

	if (!err)
		print_plot(out, job, source, points, &rows);
	if (out && fclose(out) && !err)
		err = -ENOMEM;
	if (!err)
		err = file_write_whole(job->output, text, size);
	if (err)
		complain("%s: cannot be written: %s", job->output, strerror(-err));
	rows_free(&rows);
	free(text);
	return err ? EXIT_ERROR : EXIT_OK;
}

static int plot(const struct plot_job *job)
{
	struct points points = { 0 };
	struct source source;
	int code = source_open_recording(&source, job->input), err;

	if (code)
		return code;
	if (slab_recording_frames(source.recording) < 2) {
		complain("%s: one snapshot has no growth: record for longer", job->input);
		code = EXIT_ERROR;
	}
	err = code ? 0 : take_points(&points, &source);
	if (err) {
		complain("%s: %s", job->input, strerror(-err));
		code = EXIT_ERROR;
	}
	if (!code)
		code = write_plot(job, &source, &points);
	points_free(&points);
	source_close(&source);
	return code;
}

static const struct command_option options[] = {
	{ OPTION_VALUE, 'o', "output", "<out>", "where to", OPTION_FIELD(struct plot_job, output),
		.offer = OFFER_FILES },
	{ OPTION_NUMBER, 0, "top", "<count>", "how many caches, at most 20 (default: 8)",
		OPTION_FIELD(struct plot_job, top), .least = 1, .most = CHART_SERIES_MAX },
	{ OPTION_CALL, 'f', "filter", "<regex>", "only caches with a name like that",
		OPTION_FIELD(struct plot_job, choice), .take = filter_option_take },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct plot_job job = { .choice.criterion = find_criterion('t'), .top = 8 };
	int code;

	if (options_take(command, &argc, &argv, &job, &code)) {
		job.input = argv[0];
		code = check(&job);
		if (!code)
			code = plot(&job);
	}
	choice_free(&job.choice);
	return code;
}

const struct command plot_command = {
	.name = "plot",
	.summary = "draw what grew in a recording",
	.usage = "FILE -o OUT.svg|OUT.html [--top count] [-f regex]",
	.about = "Draws what the caches of a recording grew by, those that grew most. OUT is a picture, or a\n"
		 "page with the picture and its figures, by the end of its name.\n",
	.options = options,
	.run = run,
	.arguments = "FILE",
	.most = 1,
	.offer = OFFER_FILES,
};
