// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree_option.h"
#include <stdlib.h>
#include "../tree/pool.h"
#include "cli.h"
#include "signer_option.h"

static int add_pattern(struct tree_patterns *patterns, char *pattern)
{
	char **grown = reallocarray(patterns->patterns, patterns->count + 1, sizeof(*grown));

	if (!grown) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	patterns->patterns = grown;
	grown[patterns->count++] = pattern;
	return EXIT_OK;
}

int tree_option_take(struct tree_options *options, const char *subcommand, int option, char *value)
{
	__u64 number;

	switch (option) {
	case 'r':
		options->is_recursive = true;
		break;
	case 'j':
		if (parse_decimal(value, &number) || !number || number > POOL_THREADS_MAX)
			return usage_error(subcommand, "--jobs %s: a number from 1 to %d", value,
				POOL_THREADS_MAX);
		options->threads = (unsigned int)number;
		options->needs_recursive = "--jobs";
		break;
	case 'v':
		options->is_verbose = true;
		if (!options->shows_files)
			options->needs_recursive = "--verbose";
		break;
	case TREE_OPTION_INCLUDE:
		options->needs_recursive = "--include";
		return add_pattern(&options->include, value);
	case TREE_OPTION_EXCLUDE:
		options->needs_recursive = "--exclude";
		return add_pattern(&options->exclude, value);
	case TREE_OPTION_ALL_FILE_SYSTEMS:
		options->all_file_systems = true;
		options->needs_recursive = "--all-file-systems";
		break;
	case TREE_OPTION_DRY_RUN:
		options->is_dry_run = true;
		options->needs_recursive = "--dry-run";
		break;
	case TREE_OPTION_JSON:
		options->is_json = true;
		if (!options->shows_files)
			options->needs_recursive = "--json";
		break;
	default:
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

int tree_options_check(const struct tree_options *options, const char *subcommand)
{
	if (options->is_recursive || !options->needs_recursive)
		return EXIT_OK;
	return usage_error(subcommand, "%s is for whole trees: add -r", options->needs_recursive);
}

void tree_options_free(struct tree_options *options)
{
	free(options->include.patterns);
	free(options->exclude.patterns);
}
