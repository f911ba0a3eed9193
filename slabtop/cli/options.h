/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of slabtop without a subcommand, of which others take some. */
#ifndef SLABTOP_OPTIONS_H
#define SLABTOP_OPTIONS_H

#include "view.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_PROMETHEUS };

struct options {
	struct view view;
	enum format format;
	bool once, has_delay, no_color, wants_help, wants_version;
	const char *output; /* a file instead of stdout, for one snapshot */
	const char *path, *sysfs; /* instead of this machine's */
	unsigned long page_size;
};

/* Says what is wrong, and returns EXIT_USAGE, or EXIT_OK. subcommand: NULL, or "replay". */
int options_parse(struct options *options, const char *subcommand, int argc, char **argv);

void options_free(struct options *options);

#endif
