// SPDX-License-Identifier: GPL-2.0-or-later
#include "complain.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../text/text.h"
#include "output.h"

static void (*clear_terminal)(void);
static char called[64]; /* by the user; empty: the command's name */

static void print_message(const char *format, va_list arguments)
{
	char *message;

	if (vasprintf(&message, format, arguments) < 0)
		return;
	print_safely(stderr, message);
	free(message);
}

void complain(const char *format, ...)
{
	va_list arguments;

	output_flush();
	if (clear_terminal)
		clear_terminal();
	fprintf(stderr, "%s: ", command_name);
	va_start(arguments, format);
	print_message(format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

void usage_enter(const char *subcommand)
{
	size_t length = strlen(usage_name());

	snprintf(called + length, sizeof(called) - length, " %s", subcommand);
}

const char *usage_name(void)
{
	if (!*called)
		snprintf(called, sizeof(called), "%s", command_name);
	return called;
}

int usage_error(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", usage_name());
	va_start(arguments, format);
	print_message(format, arguments);
	va_end(arguments);
	fprintf(stderr, ": see %s --help\n", usage_name());
	return EXIT_USAGE;
}

int usage_unknown(const char *word, const char *what, const char *dashes, const char *nearest)
{
	if (!nearest)
		return usage_error("%s%s: %s", dashes, word, what);
	fprintf(stderr, "%s: %s", usage_name(), dashes);
	print_safely(stderr, word);
	fprintf(stderr, ": %s; did you mean %s%s?\n", what, dashes, nearest);
	return EXIT_USAGE;
}

void complain_after(void (*clear)(void))
{
	clear_terminal = clear;
}
