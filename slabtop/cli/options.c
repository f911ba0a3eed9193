// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"
#include <getopt.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include "arguments.h"
#include "cli.h"

enum {
	OPTION_HUMAN = 256,
	OPTION_JSON,
	OPTION_CSV,
	OPTION_PROMETHEUS,
	OPTION_OUTPUT,
	OPTION_REVERSE,
	OPTION_FILE,
	OPTION_SYSFS,
	OPTION_PAGE_SIZE,
	OPTION_NO_COLOR,
};

static const struct option long_options[] = {
	{ "delay", required_argument, NULL, 'd' },
	{ "sort", required_argument, NULL, 's' },
	{ "once", no_argument, NULL, 'o' },
	{ "human", no_argument, NULL, OPTION_HUMAN },
	{ "growth", no_argument, NULL, 'g' },
	{ "min-growth", required_argument, NULL, 'm' },
	{ "filter", required_argument, NULL, 'f' },
	{ "reclaimable", no_argument, NULL, 'r' },
	{ "unreclaimable", no_argument, NULL, 'u' },
	{ "reverse", no_argument, NULL, OPTION_REVERSE },
	{ "aliases", no_argument, NULL, 'A' },
	{ "nodes", no_argument, NULL, 'N' },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "csv", no_argument, NULL, OPTION_CSV },
	{ "prometheus", no_argument, NULL, OPTION_PROMETHEUS },
	{ "output", required_argument, NULL, OPTION_OUTPUT },
	{ "file", required_argument, NULL, OPTION_FILE },
	{ "sysfs", required_argument, NULL, OPTION_SYSFS },
	{ "page-size", required_argument, NULL, OPTION_PAGE_SIZE },
	{ "no-color", no_argument, NULL, OPTION_NO_COLOR },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static int take_delay(struct options *options, const char *subcommand, const char *text)
{
	size_t digits = strspn(text, "-0123456789.");

	options->has_delay = true;
	if (parse_seconds(text, 1, &options->view.delay))
		return EXIT_OK;
	if (*text && digits == strlen(text))
		return usage_error(subcommand,
			"delay must be a positive number of seconds, at most a year: '%s'", text);
	return usage_error(subcommand, "illegal delay: '%s'", text);
}

static int take_sort(struct options *options, const char *subcommand, const char *text)
{
	const struct criterion *criterion = *text && !text[1] ? find_criterion(*text) : NULL;

	if (!criterion)
		return usage_error(subcommand, "illegal sort criterion: '%s'", text);
	options->view.choice.criterion = criterion;
	options->view.growth = options->view.growth || is_of_growth(criterion);
	return EXIT_OK;
}

static int take_filter(struct options *options, const char *subcommand, const char *text)
{
	const char *problem;

	if (strlen(text) >= sizeof(options->view.filter))
		return usage_error(subcommand, "the filter is too long: at most %zu bytes",
			sizeof(options->view.filter) - 1);
	problem = choice_set_filter(&options->view.choice, text);
	if (problem)
		return usage_error(subcommand, "illegal filter: '%s': %s", text, problem);
	snprintf(options->view.filter, sizeof(options->view.filter), "%s", text);
	return EXIT_OK;
}

/* A page: a power of two, at least 512. */
static bool is_page_size(unsigned long size)
{
	return size >= 512 && !(size & (size - 1));
}

static int take_kind(struct options *options, const char *subcommand, int kind)
{
	int before = options->view.choice.kind;

	options->view.choice.kind = kind;
	return before != UNKNOWN && before != kind
		       ? usage_error(subcommand, "Cannot combine --reclaimable and --unreclaimable")
		       : EXIT_OK;
}

static int take_format(struct options *options, const char *subcommand, enum format format)
{
	enum format before = options->format;

	options->format = format;
	options->once = true;
	return before != FORMAT_TEXT && before != format
		       ? usage_error(subcommand, "one of --json, --csv and --prometheus at a time")
		       : EXIT_OK;
}

static int take_option(
	struct options *options, const char *subcommand, int option, int argc, char **argv)
{
	struct view *view = &options->view;

	switch (option) {
	case 'd':
		return take_delay(options, subcommand, optarg);
	case 's':
		return take_sort(options, subcommand, optarg);
	case 'f':
		return take_filter(options, subcommand, optarg);
	case 'm':
		if (!parse_size(optarg, &view->choice.min_growth))
			return usage_error(
				subcommand, "illegal size: '%s': as 4096, 64K or 1.5M", optarg);
		break;
	case 'r':
		return take_kind(options, subcommand, RECLAIMABLE);
	case 'u':
		return take_kind(options, subcommand, UNRECLAIMABLE);
	case OPTION_JSON:
		return take_format(options, subcommand, FORMAT_JSON);
	case OPTION_CSV:
		return take_format(options, subcommand, FORMAT_CSV);
	case OPTION_PROMETHEUS:
		return take_format(options, subcommand, FORMAT_PROMETHEUS);
	case OPTION_PAGE_SIZE:
		if (!parse_count(optarg, 1ul << 30, &options->page_size) ||
			!is_page_size(options->page_size))
			return usage_error(subcommand,
				"illegal page size: '%s': bytes, a power of two", optarg);
		break;
	case 'o':
		options->once = true;
		break;
	case OPTION_HUMAN:
		view->human = true;
		break;
	case 'g':
		view->growth = true;
		break;
	case OPTION_REVERSE:
		view->choice.reversed = true;
		break;
	case 'A':
		view->aliases = true;
		break;
	case 'N':
		view->nodes = true;
		break;
	case OPTION_OUTPUT:
		options->output = optarg;
		options->once = true;
		break;
	case OPTION_FILE:
		options->path = optarg;
		break;
	case OPTION_SYSFS:
		options->sysfs = optarg;
		break;
	case OPTION_NO_COLOR:
		options->no_color = true;
		break;
	case 'h':
		options->wants_help = true;
		break;
	case 'V':
		options->wants_version = true;
		break;
	default:
		return option_error(subcommand, option, argc, argv);
	}
	return EXIT_OK;
}

int options_parse(struct options *options, const char *subcommand, int argc, char **argv)
{
	int option, code = EXIT_OK;

	*options = (struct options){ .view = { .delay = subcommand ? 1 : 3,
					     .choice.criterion = &criteria[0] } };
	while (!code &&
		(option = getopt_long(argc, argv, ":d:s:ogm:f:ruANhV", long_options, NULL)) != -1)
		code = take_option(options, subcommand, option, argc, argv);
	if (code)
		return code;
	options->view.colour = colour_wanted(options->no_color);
	options->view.is_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (options->once && options->has_delay)
		return usage_error(subcommand, "Cannot combine -d and -o options");
	if (options->once && options->view.choice.min_growth > 0)
		return usage_error(
			subcommand, "Cannot combine -m and -o options: one snapshot has no growth");
	if (subcommand && (options->path || options->sysfs || options->page_size))
		return usage_error(
			subcommand, "a recording has its own --file, --sysfs and --page-size");
	return EXIT_OK;
}

void options_free(struct options *options)
{
	choice_free(&options->view.choice);
}
