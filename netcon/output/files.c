// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines, or JSON, in a file for each address. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/json.h"
#include "host_files.h"
#include "json.h"
#include "line.h"
#include "output.h"

struct files {
	struct output output;
	struct host_files hosts;
	bool is_json;
	FILE *out; /* writes into line */
	char *line;
	size_t line_size;
};

static const char *explain(struct output *output, int err)
{
	const struct files *files = (struct files *)output;

	return files->hosts.problem ? files->hosts.problem : strerror(-err);
}

static int finish_line(struct files *files)
{
	if (!fflush(files->out) && !ferror(files->out))
		return 0;
	clearerr(files->out);
	return -ENOMEM;
}

static int print_json(struct files *files, struct json_object *object)
{
	if (!object)
		return -ENOMEM;
	json_print_line(files->out, object);
	return 0;
}

static int put(struct output *output, const struct received *received)
{
	struct files *files = (struct files *)output;
	int err = 0;

	rewind(files->out);
	if (files->is_json)
		err = print_json(files, json_of(received));
	else
		line_of(files->out, received);
	if (!err)
		err = finish_line(files);
	return err ? err : host_files_write(&files->hosts, &received->source, files->line, files->line_size);
}

/* What happened to no host in particular has no file. */
static int put_happened(struct output *output, const struct happened *happened)
{
	struct files *files = (struct files *)output;
	int err = 0;

	if (happened->what == HAPPENED_DROPPED)
		return 0;
	rewind(files->out);
	if (files->is_json)
		err = print_json(files, json_of_happened(happened));
	else
		line_of_happened(files->out, happened);
	if (!err)
		err = finish_line(files);
	return err ? err : host_files_write(&files->hosts, &happened->source, files->line, files->line_size);
}

static int reopen(struct output *output)
{
	return host_files_reopen(&((struct files *)output)->hosts);
}

static int close_files(struct output *output)
{
	struct files *files = (struct files *)output;

	host_files_close(&files->hosts);
	if (files->out)
		fclose(files->out);
	free(files->line);
	free(files);
	return 0;
}

int output_files(const char *folder, bool json, const struct file_rotation *rotation, struct output **output)
{
	struct files *files = calloc(1, sizeof(*files));
	int err;

	if (!files)
		return -ENOMEM;
	files->is_json = json;
	err = host_files_open(&files->hosts, folder, rotation);
	files->out = open_memstream(&files->line, &files->line_size);
	if (!files->out)
		err = -ENOMEM;
	files->output = (struct output){ .name = files->hosts.folder_name, .needs_lock = true, .put = put, .happened = put_happened,
		.reopen = reopen, .close = close_files, .explain = explain };
	if (err)
		close_files(&files->output);
	else
		*output = &files->output;
	return err;
}
