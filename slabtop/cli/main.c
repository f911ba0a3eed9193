// SPDX-License-Identifier: GPL-2.0-or-later
/* slabtop: the screen, one snapshot of it, and a table of subcommands. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/command/output.h"
#include "../../lib/command/start.h"
#include "../../lib/file/write_whole.h"
#include "cli.h"
#include "config.h"
#include "live.h"
#include "once.h"
#include "options.h"

/* The form of procps-ng's, which its tests know. */
static void print_help(FILE *out, const struct command *command)
{
	fprintf(out, "\nUsage:\n %s [options]\n", SLABTOP_NAME);
	for (size_t i = 0; command->subcommands[i]; i++)
		fprintf(out, " %s %s %s\n", SLABTOP_NAME, command->subcommands[i]->name,
			command->subcommands[i]->usage);
	fputs("\nOptions:\n", out);
	options_print(out, command->options, 1);
	fputs("\nThe following are valid sort criteria:\n", out);
	for (const struct criterion *criterion = criteria; criterion->letter; criterion++)
		fprintf(out, " %c: sort by %s\n", criterion->letter, criterion->help);
	fputs("\nFor more details see " SLABTOP_NAME "(1).\n", out);
}

static int print_once(FILE *out, struct source *source, const struct options *options)
{
	const struct output_options how = { .human = options->view.human,
		.aliases = options->view.aliases,
		.nodes = options->view.nodes };
	struct rows rows = { 0 };
	int code = EXIT_OK;

	if (rows_choose(&rows, source, &options->view.choice)) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	switch (options->format) {
	case FORMAT_TEXT:
		print_text(out, source, &rows, &how);
		break;
	case FORMAT_JSON:
		code = print_json(out, source, &rows, &how);
		break;
	case FORMAT_CSV:
		print_csv(out, source, &rows);
		break;
	case FORMAT_PROMETHEUS:
		print_prometheus(out, source, &rows);
	}
	rows_free(&rows);
	return code;
}

static int write_once(struct source *source, const struct options *options)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int code = out ? print_once(out, source, options) : EXIT_ERROR, err = 0;

	if (!out || fclose(out)) {
		complain("%s", strerror(ENOMEM));
		code = EXIT_ERROR;
	}
	if (!code)
		err = file_write_whole(options->output, text, size);
	if (err) {
		complain("%s: cannot be written: %s", options->output, strerror(-err));
		code = EXIT_ERROR;
	}
	free(text);
	return code;
}

static int run_once(struct source *source, const struct options *options)
{
	int code = source_refresh(source);

	if (code)
		return code;
	if (source->snapshot.malformed)
		complain("%s: %zu lines were not understood, and are left out", source->path,
			source->snapshot.malformed);
	if (options->output)
		return write_once(source, options);
	return print_once(stdout, source, options);
}

static int show(struct options *options)
{
	struct source source;
	int code = source_open(&source, options->path, options->sysfs, options->page_size);

	if (code)
		return code;
	code = options->once ? run_once(&source, options) : run_screen(&source, &options->view);
	source_close(&source);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct options options;
	int code;

	options_begin(&options, 3);
	if (options_take(command, &argc, &argv, &options, &code)) {
		code = options_finish(&options);
		if (!code)
			code = show(&options);
	}
	options_free(&options);
	return code;
}

static const struct command *const subcommands[] = {
	&record_command,
	&replay_command,
	&diff_command,
	&watch_command,
	&plot_command,
	NULL,
};

static const struct command slabtop = {
	.name = command_name,
	.options = slabtop_options,
	.subcommands = subcommands,
	.run = run,
	.print_help = print_help,
};

int main(int argc, char **argv)
{
	static char diff[] = "diff";

	command_start();
	setlocale(LC_CTYPE, "");
	if (argc > 1 && !strcmp(argv[1], "--diff"))
		argv[1] = diff;
	return output_finish(command_main(&slabtop, argc, argv), EXIT_ERROR);
}
