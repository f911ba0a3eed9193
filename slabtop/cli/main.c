// SPDX-License-Identifier: GPL-2.0-or-later
/* slabtop: the screen, one snapshot of it, and a table of subcommands. */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/file/write_whole.h"
#include "cli.h"
#include "config.h"
#include "live.h"
#include "once.h"
#include "options.h"

static const struct {
	const char *name, *synopsis, *summary;
	int (*run)(int argc, char **argv);
} subcommands[] = {
	{ "record", "FILE [-d secs]", "write snapshots to a file, until interrupted", cmd_record },
	{ "replay", "FILE [options]", "show a recording, with the screen and the keys of now",
		cmd_replay },
	{ "diff", "A B", "what grew between two files, also: --diff A B", cmd_diff },
	{ "watch", "--leak [options]", "say which caches grow steadily; exit 1 if any does",
		cmd_watch },
	{ "plot", "FILE -o OUT.svg|html", "draw what grew in a recording", cmd_plot },
};

enum { SUBCOMMAND_COUNT = sizeof(subcommands) / sizeof(subcommands[0]) };

/* The form of procps-ng's, which its tests know. */
static void print_help(FILE *out)
{
	fprintf(out, "\nUsage:\n %s [options]\n", program_invocation_short_name);
	for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
		fprintf(out, " %s %s %s\n", program_invocation_short_name, subcommands[i].name,
			subcommands[i].synopsis);
	fputs("\nOptions:\n"
	      " -d, --delay <secs>       delay updates; may be below 1, and 500ms, 1m\n"
	      " -o, --once               only display once, then exit\n"
	      " -s, --sort <char>        specify sort criteria by character (see below)\n"
	      "     --human              sizes with K, M, G\n"
	      " -g, --growth             the growth columns before others\n"
	      " -m, --min-growth <size>  only what has grown by so much since the start\n"
	      " -f, --filter <regex>     only caches with a name like that\n"
	      " -r, --reclaimable        only caches that the kernel can take back\n"
	      " -u, --unreclaimable      only the others\n"
	      "     --reverse            the other way round\n"
	      " -A, --aliases            all names of merged caches\n"
	      " -N, --nodes              what is on which node of memory\n"
	      "     --json               once, for programs\n"
	      "     --csv                the same\n"
	      "     --prometheus         the same, for node_exporter's textfile collector\n"
	      "     --output <file>      into a file, as a whole\n"
	      "     --file <file>        read it instead of /proc/slabinfo\n"
	      "     --sysfs <dir>        read it instead of /sys/kernel/slab\n"
	      "     --page-size <bytes>  of the machine that the file is from\n"
	      "     --no-color           no colour (also: NO_COLOR)\n\n"
	      " -h, --help     display this help and exit\n"
	      " -V, --version  output version information and exit\n\n"
	      "The following are valid sort criteria:\n",
		out);
	for (const struct criterion *criterion = criteria; criterion->letter; criterion++)
		fprintf(out, " %c: sort by %s\n", criterion->letter, criterion->help);
	fputs("\nFor more details see slabtop(1).\n", out);
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
	code = print_once(stdout, source, options);
	return code ? code : finish_output();
}

static int run(int argc, char **argv)
{
	struct options options;
	struct source source;
	int code = options_parse(&options, NULL, argc, argv);

	if (!code && options.wants_help) {
		print_help(stdout);
	} else if (!code && options.wants_version) {
		puts("slabtop (Kernkit) " KERNKIT_VERSION);
	} else if (!code && optind < argc) {
		code = usage_error(NULL, "%s: no such subcommand", argv[optind]);
	} else if (!code) {
		code = source_open(&source, options.path, options.sysfs, options.page_size);
		if (!code) {
			code = options.once ? run_once(&source, &options)
					    : run_screen(&source, &options.view);
			source_close(&source);
		}
	}
	options_free(&options);
	return code;
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	opterr = 0; /* option_error says it */
	if (argc > 1 && !strcmp(argv[1], "--diff"))
		return cmd_diff(argc - 1, argv + 1);
	for (size_t i = 0; argc > 1 && i < SUBCOMMAND_COUNT; i++)
		if (!strcmp(argv[1], subcommands[i].name))
			return subcommands[i].run(argc - 1, argv + 1);
	return run(argc, argv);
}
