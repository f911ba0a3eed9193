/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of sign, strip and verify that are about whole trees. */
#ifndef DIGSIG_CLI_TREE_OPTION_H
#define DIGSIG_CLI_TREE_OPTION_H

#include <stdbool.h>
#include "../tree/collect.h"

struct tree_options {
	bool is_recursive;
	unsigned int threads; /* 0: by the number of processors */
	struct tree_patterns include, exclude;
	bool all_file_systems, is_dry_run, is_json, is_verbose, is_quiet;
	bool shows_files; /* --json and --verbose mean something without -r, too */
	const char *needs_recursive; /* the last option that was given and means nothing without -r */
};

/* Numbers of options without a letter; a subcommand's own stay below. */
enum { TREE_OPTION_FIRST = 512, TREE_OPTION_INCLUDE = TREE_OPTION_FIRST, TREE_OPTION_EXCLUDE,
	TREE_OPTION_ALL_FILE_SYSTEMS, TREE_OPTION_DRY_RUN, TREE_OPTION_JSON };

#define TREE_LETTERS "rj:v"
#define TREE_LONG_OPTIONS                                                                          \
	{ "recursive", no_argument, NULL, 'r' },                                                   \
	{ "jobs", required_argument, NULL, 'j' },                                                  \
	{ "verbose", no_argument, NULL, 'v' },                                                     \
	{ "include", required_argument, NULL, TREE_OPTION_INCLUDE },                               \
	{ "exclude", required_argument, NULL, TREE_OPTION_EXCLUDE },                               \
	{ "all-file-systems", no_argument, NULL, TREE_OPTION_ALL_FILE_SYSTEMS },                   \
	{ "json", no_argument, NULL, TREE_OPTION_JSON }

#define TREE_HELP                                                                                  \
	"With -r, for every ELF file below DIR, in parallel; other files are passed over:\n"       \
	"  -r, --recursive        DIR may be named; symbolic links in it are not followed\n"       \
	"  -j, --jobs N           threads (by the number of processors)\n"                         \
	"  --include GLOB         only files that match; may be repeated. A GLOB with a slash is\n" \
	"                         compared with the path below DIR, * matching slashes too, one\n"  \
	"                         without with the name alone\n"                                   \
	"  --exclude GLOB         not these files and folders; wins over --include\n"              \
	"  --all-file-systems     enter other file systems below DIR\n"                            \
	"  --json                 a line of JSON for each file that is not plainly well, then the\n" \
	"                         summary\n"                                                       \
	"  -v, --verbose          name every file\n"

/*
 * Takes an option that getopt_long found: an exit code, having complained if it is not EXIT_OK. What
 * is none of these is EXIT_USAGE, of which getopt_long has complained.
 */
int tree_option_take(struct tree_options *options, const char *subcommand, int option, char *value);

/* Complains about options that need -r if there is none; an exit code. */
int tree_options_check(const struct tree_options *options, const char *subcommand);

void tree_options_free(struct tree_options *options);

#endif
