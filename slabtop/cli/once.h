/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One snapshot, printed: for people and for programs. */
#ifndef SLABTOP_ONCE_H
#define SLABTOP_ONCE_H

#include <stdio.h>
#include "rows.h"

struct output_options {
	bool human, aliases, nodes;
};

/* The table of procps-ng's slabtop --once, to the byte; aliases and nodes below their caches. */
void print_text(FILE *out, struct source *source, const struct rows *rows,
	const struct output_options *options);

/* One object in one line. Complains itself when memory is short; returns an exit code. */
int print_json(FILE *out, struct source *source, const struct rows *rows,
	const struct output_options *options);

/* "aliases": the other names of a merged cache. */
struct json_object;
void json_add_aliases(
	struct json_object *object, const struct facts *facts, const struct slab_track *track);

/* RFC 4180, but with newlines alone. */
void print_csv(FILE *out, struct source *source, const struct rows *rows);

/* The text format, for node_exporter's textfile collector. */
void print_prometheus(FILE *out, struct source *source, const struct rows *rows);

#endif
