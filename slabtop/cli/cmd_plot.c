// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/file/write_whole.h"
#include "../../lib/text/text.h"
#include "arguments.h"
#include "chart.h"
#include "cli.h"
#include "rows.h"
#include "words.h"

static const char help[] = "usage: slabtop plot FILE -o OUT.svg|OUT.html [--top N] [-f REGEX]\n"
			   "Draws what the caches of a recording grew by, those that grew most. "
			   "OUT is a picture, or a page\n"
			   "with the picture and its figures, by the end of its name.\n\n"
			   "  -o, --output OUT    where to\n"
			   "      --top N         how many caches, at most 20; 8 if not given\n"
			   "  -f, --filter REGEX  only caches with a name like that\n"
			   "  -h, --help\n";

enum { OPTION_TOP = 256, POINTS_MAX = 1000 };

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "top", required_argument, NULL, OPTION_TOP },
	{ "filter", required_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct plot_job {
	struct choice choice;
	unsigned long top;
	const char *input, *output;
	bool is_page, wants_help;
};

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), wanted = strlen(end);

	return length > wanted && !strcmp(text + length - wanted, end);
}

static int take_option(struct plot_job *job, int option, int argc, char **argv)
{
	const char *problem;

	switch (option) {
	case 'o':
		job->output = optarg;
		break;
	case OPTION_TOP:
		if (!parse_count(optarg, CHART_SERIES_MAX, &job->top))
			return usage_error(
				"plot", "illegal number: '%s': 1 to %d", optarg, CHART_SERIES_MAX);
		break;
	case 'f':
		problem = choice_set_filter(&job->choice, optarg);
		if (problem)
			return usage_error("plot", "illegal filter: '%s': %s", optarg, problem);
		break;
	case 'h':
		job->wants_help = true;
		break;
	default:
		return option_error("plot", option, argc, argv);
	}
	return EXIT_OK;
}

static int parse(struct plot_job *job, int argc, char **argv)
{
	int option, code = EXIT_OK;

	while (!code && (option = getopt_long(argc, argv, ":o:f:h", long_options, NULL)) != -1)
		code = take_option(job, option, argc, argv);
	if (code || job->wants_help)
		return code;
	if (argc - optind != 1)
		return usage_error(
			"plot", optind == argc ? "no recording" : "one recording at a time");
	if (!job->output)
		return usage_error("plot", "where to: -o OUT.svg or -o OUT.html");
	job->is_page = ends_with(job->output, ".html");
	if (!job->is_page && !ends_with(job->output, ".svg"))
		return usage_error("plot", "%s: neither .svg nor .html", job->output);
	job->input = argv[optind];
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

static void print_table(FILE *out, const struct rows *rows, size_t count)
{
	fputs("<table>\n<tr><th></th><th>cache</th><th>grown, bytes</th><th>in use, objects</th>"
	      "<th>object size, bytes</th></tr>\n",
		out);
	for (size_t i = 0; i < count; i++) {
		const struct slab_track *track = rows->rows[i].track;

		fprintf(out, "<tr><td style=\"color:%s\">&#9632;</td><td>", series_colour(i));
		print_xml(out, track->now.name);
		fprintf(out, "</td><td>%.0f</td><td>%llu</td><td>%llu</td></tr>\n",
			slab_growth_total(track), (unsigned long long)track->now.active_objs,
			(unsigned long long)track->now.obj_size);
	}
	fputs("</table>\n", out);
}

static void print_page(FILE *out, const struct chart *chart, const struct rows *rows)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>", out);
	print_xml(out, chart->title);
	fputs("</title>\n<style>body{font:14px "
	      "sans-serif;margin:2em}svg{max-width:100%;height:auto}"
	      "td,th{padding:2px "
	      "1em;text-align:right}td:nth-child(2),th:nth-child(2){text-align:left}</style>\n",
		out);
	draw_chart(out, chart);
	print_table(out, rows, chart->series_count);
	fputs("</html>\n", out);
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

int cmd_plot(int argc, char **argv)
{
	struct plot_job job = { .choice.criterion = find_criterion('t'), .top = 8 };
	int code = parse(&job, argc, argv);

	if (!code && job.wants_help)
		fputs(help, stdout);
	else if (!code)
		code = plot(&job);
	choice_free(&job.choice);
	return code;
}
