// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree_option.h"
#include "../../../lib/thread/pool.h"
#include "../cli.h"

const struct command_option tree_option_table[] = {
	{ OPTION_FLAG, 'r', "recursive", NULL,
		"DIR may be named; symbolic links in it are not followed",
		OPTION_FIELD(struct tree_options, is_recursive) },
	{ OPTION_NUMBER, 'j', "jobs", "N", "threads (default: one per processor)",
		OPTION_FIELD(struct tree_options, threads), .least = 1, .most = POOL_THREADS_MAX },
	{ OPTION_LIST, 0, "include", "GLOB",
		"only files that match; may be repeated. A GLOB with a slash is compared with the path "
		"below DIR, * matching slashes too, one without with the name alone",
		OPTION_FIELD(struct tree_options, include) },
	{ OPTION_LIST, 0, "exclude", "GLOB", "not these files and folders; wins over --include",
		OPTION_FIELD(struct tree_options, exclude) },
	{ OPTION_FLAG, 0, "all-file-systems", NULL, "enter other file systems below DIR",
		OPTION_FIELD(struct tree_options, all_file_systems) },
	{ OPTION_FLAG, 0, "json", NULL,
		"a line of JSON for each file that is not plainly well, then the summary",
		OPTION_FIELD(struct tree_options, is_json) },
	{ OPTION_FLAG, 'v', "verbose", NULL, "name every file",
		OPTION_FIELD(struct tree_options, is_verbose) },
	{ 0 },
};

/* An option that was given and means nothing without -r; NULL: there is none. */
static const char *needs_recursive(const struct tree_options *options)
{
	if (options->threads)
		return "--jobs";
	if (options->include.count)
		return "--include";
	if (options->exclude.count)
		return "--exclude";
	if (options->all_file_systems)
		return "--all-file-systems";
	if (options->is_dry_run)
		return "--dry-run";
	if (options->is_json && !options->shows_files)
		return "--json";
	return options->is_verbose && !options->shows_files ? "--verbose" : NULL;
}

int tree_options_check(const struct tree_options *options)
{
	const char *option = options->is_recursive ? NULL : needs_recursive(options);

	return option ? usage_error("%s is for whole trees: add -r", option) : EXIT_OK;
}

void tree_options_free(struct tree_options *options)
{
	option_list_free(&options->include);
	option_list_free(&options->exclude);
}
