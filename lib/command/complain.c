// SPDX-License-Identifier: GPL-2.0-or-later
#include "complain.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "../text/text.h"

static void (*clear_terminal)(void);

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

	fflush(stdout);
	if (clear_terminal)
		clear_terminal();
	fprintf(stderr, "%s: ", command_name);
	va_start(arguments, format);
	print_message(format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

int usage_error(const char *subcommand, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", command_name);
	if (subcommand)
		fprintf(stderr, "%s: ", subcommand);
	va_start(arguments, format);
	print_message(format, arguments);
	va_end(arguments);
	fprintf(stderr, ": see %s%s%s --help\n", command_name, subcommand ? " " : "",
		subcommand ? subcommand : "");
	return EXIT_USAGE;
}

void complain_after(void (*clear)(void))
{
	clear_terminal = clear;
}
