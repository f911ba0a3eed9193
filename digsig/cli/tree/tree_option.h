/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of sign, strip and verify that are about whole trees. */
#ifndef DIGSIG_CLI_TREE_OPTION_H
#define DIGSIG_CLI_TREE_OPTION_H

#include <stdbool.h>
#include "../../../lib/command/options.h"

struct tree_options {
	bool is_recursive;
	unsigned int threads; /* 0: by the number of processors */
	struct option_list include, exclude;
	bool all_file_systems, is_dry_run, is_json, is_verbose, is_quiet;
	bool shows_files; /* --json and --verbose mean something without -r, too */
};

/* These options, for a group: a struct tree_options. */
extern const struct command_option tree_option_table[];

/* The lines above them. */
#define TREE_TITLE "With -r, for every ELF file below DIR, in parallel; other files are passed over:"

/* --dry-run is an option of those that change something: what it would do, for its help. */
#define TREE_DRY_RUN(settings, field, help)                                                        \
	{ OPTION_FLAG, 0, "dry-run", NULL, help, OPTION_FIELD(settings, field.is_dry_run) }

/* Complains about options that need -r if there is none; an exit code. */
int tree_options_check(const struct tree_options *options);

/* Frees the lists; their values are in argv. */
void tree_options_free(struct tree_options *options);

#endif
