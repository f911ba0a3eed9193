// SPDX-License-Identifier: GPL-2.0-or-later
/* Readable lines, or JSON, on standard output. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "../../lib/command/output.h"
#include "../../lib/text/json.h"
#include "json.h"
#include "line.h"

static int put_line(struct output *output, const struct received *received)
{
	(void)output;
	line_of(stdout, received);
	return 0;
}

static int happened_line(struct output *output, const struct happened *happened)
{
	(void)output;
	line_of_happened(stdout, happened);
	return 0;
}

static int put_json(struct output *output, const struct received *received)
{
	(void)output;
	json_put_line(json_of(received));
	return 0;
}

static int happened_json(struct output *output, const struct happened *happened)
{
	(void)output;
	json_put_line(json_of_happened(happened));
	return 0;
}

static int flush(struct output *output)
{
	(void)output;
	return output_flush();
}

/* What fails now, the command says when it ends: output_finish. */
static int close_output(struct output *output)
{
	output_flush();
	free(output);
	return 0;
}

static int open_output(const struct output *kind, struct output **output)
{
	*output = malloc(sizeof(**output));
	if (!*output)
		return -ENOMEM;
	**output = *kind;
	return 0;
}

int output_lines(struct output **output)
{
	return open_output(&(struct output){ .name = "standard output", .is_standard_output = true, .needs_lock = true, .put = put_line,
		.happened = happened_line, .flush = flush, .close = close_output }, output);
}

int output_json(struct output **output)
{
	return open_output(&(struct output){ .name = "standard output", .is_standard_output = true, .needs_lock = true, .put = put_json,
		.happened = happened_json, .flush = flush, .close = close_output }, output);
}
