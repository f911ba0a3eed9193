// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include "../file/sign.h"
#include "../text/text.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "rewrite.h"

static const char help[] =
	"usage: digsig strip [OPTION...] FILE...\n"
	"Gives signed files back as they were before, byte for byte. The signature need not be\n"
	"good, but the block must lead back to a file that signing turns into this one.\n\n"
	"  --break-links  strip also what has other hard links, which keep the signed file\n"
	"  -q, --quiet    print only errors\n"
	"  -h, --help     show this\n";

enum { OPTION_BREAK_LINKS = 256 };

static const struct option options[] = {
	{ "break-links", no_argument, NULL, OPTION_BREAK_LINKS },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

int cmd_strip(int argc, char **argv)
{
	struct strip_options strip_options = {
		.is_cancelled = &interrupted, .progress = &progress_of_file };
	bool quiet = false;
	int option, code = EXIT_OK;

	while ((option = getopt_long(argc, argv, "qh", options, NULL)) != -1) {
		switch (option) {
		case OPTION_BREAK_LINKS:
			strip_options.replacement.break_links = true;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return usage_error("strip", "no file");
	interrupt_catch();
	progress_allow(!quiet);
	for (int i = optind; i < argc && !interrupted; i++) {
		struct file_problem problem;
		int err;

		progress_begin(argv[i], PROGRESS_BYTES);
		err = file_strip(argv[i], &strip_options, &problem);
		progress_end();
		if (err) {
			int failed = complain_rewrite(argv[i], &problem);

			code = code ? code : failed;
		} else if (!quiet) {
			print_safely(stdout, argv[i]);
			puts(": stripped");
		}
	}
	interrupt_obey();
	return code;
}
