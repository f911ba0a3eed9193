// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/duration.h"
#include "../../lib/text/number.h"
#include "../../lib/text/size.h"
#include "cli.h"

static int take_delay(void *settings, char *text)
{
	struct options *options = settings;
	size_t digits = strspn(text, "-0123456789.");

	options->has_delay = true;
	if (!duration_parse(text, &options->view.delay))
		return EXIT_OK;
	if (*text && digits == strlen(text))
		return usage_error("delay must be a positive number of seconds, at most a year: '%s'", text);
	return usage_error("illegal delay: '%s'", text);
}

static int take_sort(void *settings, char *text)
{
	struct options *options = settings;
	const struct criterion *criterion = *text && !text[1] ? find_criterion(*text) : NULL;

	if (!criterion)
		return usage_error("illegal sort criterion: '%s'", text);
	options->view.choice.criterion = criterion;
	options->view.growth = options->view.growth || is_of_growth(criterion);
	return EXIT_OK;
}

int filter_option_take(void *choice, char *text)
{
	const char *problem = choice_set_filter(choice, text);

	return problem ? usage_error("illegal filter: '%s': %s", text, problem) : EXIT_OK;
}

static int take_filter(void *settings, char *text)
{
	struct options *options = settings;
	struct view *view = &options->view;

	if (strlen(text) >= sizeof(view->filter))
		return usage_error("the filter is too long: at most %zu bytes", sizeof(view->filter) - 1);
	snprintf(view->filter, sizeof(view->filter), "%s", text);
	return filter_option_take(&view->choice, text);
}

/* A page: a power of two, at least 512. */
static bool is_page_size(__u64 size)
{
	return size >= 512 && !(size & (size - 1));
}

static int take_kind(struct options *options, int kind)
{
	int before = options->view.choice.kind;

	options->view.choice.kind = kind;
	return before != UNKNOWN && before != kind
		       ? usage_error("Cannot combine --reclaimable and --unreclaimable")
		       : EXIT_OK;
}

static int take_format(struct options *options, enum format format)
{
	enum format before = options->format;

	options->format = format;
	options->once = true;
	return before != FORMAT_TEXT && before != format
		       ? usage_error("one of --json, --csv and --prometheus at a time")
		       : EXIT_OK;
}

static int take_reclaimable(void *options, char *none)
{
	(void)none;
	return take_kind(options, RECLAIMABLE);
}

static int take_unreclaimable(void *options, char *none)
{
	(void)none;
	return take_kind(options, UNRECLAIMABLE);
}

static int take_json(void *options, char *none)
{
	(void)none;
	return take_format(options, FORMAT_JSON);
}

static int take_csv(void *options, char *none)
{
	(void)none;
	return take_format(options, FORMAT_CSV);
}

static int take_prometheus(void *options, char *none)
{
	(void)none;
	return take_format(options, FORMAT_PROMETHEUS);
}

static int take_output(void *settings, char *path)
{
	struct options *options = settings;

	options->output = path;
	options->once = true;
	return EXIT_OK;
}

static int take_page_size(void *size, char *text)
{
	__u64 *page_size = size;

	if (!number_parse(text, 1, 1 << 30, page_size) && is_page_size(*page_size))
		return EXIT_OK;
	return usage_error("illegal page size: '%s': bytes, a power of two", text);
}

/* The letters of criteria. */
static const struct option_word sort_letters[] = { { "a", 0 }, { "b", 0 }, { "c", 0 }, { "l", 0 },
	{ "v", 0 }, { "n", 0 }, { "o", 0 }, { "p", 0 }, { "s", 0 }, { "u", 0 }, { "g", 0 }, { "t", 0 },
	{ 0 } };

/* What a recording is shown by, too. */
static const struct command_option view_options[] = {
	{ OPTION_CALL, 's', "sort", "<char>", "specify sort criteria by character (see below)",
		.take = take_sort, .words = sort_letters },
	{ OPTION_FLAG, 0, "human", NULL, "sizes with K, M, G", OPTION_FIELD(struct options, view.human) },
	{ OPTION_FLAG, 'g', "growth", NULL, "the growth columns before others",
		OPTION_FIELD(struct options, view.growth) },
	{ OPTION_SIZE, 'm', "min-growth", "<size>", "only what has grown by so much since the start",
		OPTION_FIELD(struct options, view.choice.min_growth) },
	{ OPTION_CALL, 'f', "filter", "<regex>", "only caches with a name like that",
		.take = take_filter },
	{ OPTION_CALL, 'r', "reclaimable", NULL, "only caches that the kernel can take back",
		.take = take_reclaimable },
	{ OPTION_CALL, 'u', "unreclaimable", NULL, "only the others", .take = take_unreclaimable },
	{ OPTION_FLAG, 0, "reverse", NULL, "the other way round",
		OPTION_FIELD(struct options, view.choice.reversed) },
	{ OPTION_FLAG, 'A', "aliases", NULL, "all names of merged caches",
		OPTION_FIELD(struct options, view.aliases) },
	{ OPTION_FLAG, 'N', "nodes", NULL, "what is on which node of memory",
		OPTION_FIELD(struct options, view.nodes) },
	{ OPTION_FLAG, 0, "no-color", NULL, "no colour (also: NO_COLOR)",
		OPTION_FIELD(struct options, no_color) },
	{ 0 },
};

const struct command_option slabtop_options[] = {
	{ OPTION_CALL, 'd', "delay", "<secs>", "delay updates; may be below 1, and 500ms, 1m",
		.take = take_delay },
	{ OPTION_FLAG, 'o', "once", NULL, "only display once, then exit",
		OPTION_FIELD(struct options, once) },
	{ OPTION_GROUP, .group = view_options },
	{ OPTION_CALL, 0, "json", NULL, "once, for programs", .take = take_json },
	{ OPTION_CALL, 0, "csv", NULL, "the same", .take = take_csv },
	{ OPTION_CALL, 0, "prometheus", NULL, "the same, for node_exporter's textfile collector",
		.take = take_prometheus },
	{ OPTION_CALL, 0, "output", "<file>", "into a file, as a whole", .take = take_output,
		.offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "file", "<file>", "read it instead of /proc/slabinfo",
		OPTION_FIELD(struct options, path), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "sysfs", "<dir>", "read it instead of /sys/kernel/slab",
		OPTION_FIELD(struct options, sysfs), .offer = OFFER_FOLDERS },
	{ OPTION_CALL, 0, "page-size", "<bytes>", "of the machine that the file is from",
		OPTION_FIELD(struct options, page_size), .take = take_page_size },
	{ 0 },
};

const struct command_option replay_options[] = {
	{ OPTION_CALL, 'd', "delay", "<speed>", "how many times as fast (default: 1)",
		.take = take_delay },
	{ OPTION_GROUP, .group = view_options },
	{ 0 },
};

void options_begin(struct options *options, double delay)
{
	*options = (struct options){ .view = { .delay = delay, .choice.criterion = &criteria[0] } };
}

int options_finish(struct options *options)
{
	options->view.colour = colour_wanted(options->no_color);
	options->view.is_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (options->once && options->has_delay)
		return usage_error("Cannot combine -d and -o options");
	if (options->once && options->view.choice.min_growth > 0)
		return usage_error("Cannot combine -m and -o options: one snapshot has no growth");
	return EXIT_OK;
}

void options_free(struct options *options)
{
	choice_free(&options->view.choice);
}
