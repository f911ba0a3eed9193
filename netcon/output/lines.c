// SPDX-License-Identifier: GPL-2.0-or-later
/* Readable lines, or JSON, on standard output. The threads share it by the lock that the stream has: they wait for each other only to write. */
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
	struct json_object *object = json_of(received);

	(void)output;
	flockfile(stdout);
	json_put_line(object);
	funlockfile(stdout);
	return 0;
}

static int happened_json(struct output *output, const struct happened *happened)
{
	struct json_object *object = json_of_happened(happened);

	(void)output;
	flockfile(stdout);
	json_put_line(object);
	funlockfile(stdout);
	return 0;
}

static int flush(struct output *output)
{
	int err;

	(void)output;
	flockfile(stdout);
	err = output_flush();
	funlockfile(stdout);
	return err;
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
	/* All of a batch in one write, as a rule. */
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	**output = *kind;
	return 0;
}

int output_lines(struct output **output)
{
	return open_output(&(struct output){ .name = "standard output", .is_standard_output = true, .put = put_line,
		.happened = happened_line, .flush = flush, .close = close_output }, output);
}

int output_json(struct output **output)
{
	return open_output(&(struct output){ .name = "standard output", .is_standard_output = true, .put = put_json,
		.happened = happened_json, .flush = flush, .close = close_output }, output);
}
