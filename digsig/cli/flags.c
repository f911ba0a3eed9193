// SPDX-License-Identifier: GPL-2.0-or-later
#include "flags.h"
#include <getopt.h>
#include <stdio.h>
#include "cli.h"

/* What getopt_long returns for the flag of that number. */
#define FLAG_FIRST 256

static void set_by_letter(const struct flag *flags, int letter)
{
	for (const struct flag *flag = flags; flag->name; flag++)
		if (flag->letter == letter)
			*flag->is_set = true;
}

bool flags_take(int argc, char **argv, const char *help, const struct flag *flags, int most,
	int *code)
{
	struct option options[FLAGS_MAX + 2] = { { "help", no_argument, NULL, 'h' } };
	char letters[FLAGS_MAX + 2] = "h", *end = letters + 1;
	int option;

	for (int i = 0; i < FLAGS_MAX && flags[i].name; i++) {
		options[i + 1] = (struct option){ flags[i].name, no_argument, NULL, FLAG_FIRST + i };
		if (flags[i].letter)
			*end++ = flags[i].letter;
	}
	while ((option = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (option == 'h')
			fputs(help, stdout);
		if (option == 'h' || option == '?') {
			*code = option == 'h' ? EXIT_OK : EXIT_USAGE;
			return false;
		}
		if (option >= FLAG_FIRST)
			*flags[option - FLAG_FIRST].is_set = true;
		else
			set_by_letter(flags, option);
	}
	if (most == FLAGS_ANY || argc - optind <= most)
		return true;
	*code = usage_error(argv[0], "%s: what is this?", argv[optind + most]);
	return false;
}
