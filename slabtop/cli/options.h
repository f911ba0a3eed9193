/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of slabtop without a subcommand, of which others take some. */
#ifndef SLABTOP_OPTIONS_H
#define SLABTOP_OPTIONS_H

#include "../../lib/command/options.h"
#include "view.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_PROMETHEUS };

struct options {
	struct view view;
	enum format format;
	bool once, has_delay, no_color;
	const char *output; /* a file instead of stdout, for one snapshot */
	const char *path, *sysfs; /* instead of this machine's */
	__u64 page_size;
};

/* Of a struct options: of slabtop itself, and of slabtop replay. */
extern const struct command_option slabtop_options[], replay_options[];

/* What counts if no option is given. */
void options_begin(struct options *options, double delay);

/* What follows from them all. Complains itself; returns an exit code. */
int options_finish(struct options *options);

/* The option --filter: the field is a struct choice. */
int filter_option_take(void *choice, char *text);

/* Frees the filter; the strings are in argv. */
void options_free(struct options *options);

#endif
