// SPDX-License-Identifier: GPL-2.0-or-later
#include "../text/text.h"
#include "cli.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "progress.h"

/* File names and the like may hold anything: they must not speak to the terminal. */
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
	progress_clear();
	fputs("digsig: ", stderr);
	va_start(arguments, format);
	print_message(format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

int usage_error(const char *subcommand, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "digsig: %s: ", subcommand);
	va_start(arguments, format);
	print_message(format, arguments);
	va_end(arguments);
	fprintf(stderr, ": see digsig %s --help\n", subcommand);
	return EXIT_USAGE;
}

int verdict_exit_code(enum digsig_verdict verdict)
{
	switch (verdict) {
	case DIGSIG_VERDICT_OK:
		return EXIT_OK;
	case DIGSIG_VERDICT_UNSIGNED:
		return EXIT_UNSIGNED;
	case DIGSIG_VERDICT_TAMPERED:
		return EXIT_TAMPERED;
	case DIGSIG_VERDICT_BADSIG:
	case DIGSIG_VERDICT_UNKNOWNKEY:
	case DIGSIG_VERDICT_REVOKED:
	case DIGSIG_VERDICT_ROLLBACK:
		return EXIT_BAD_SIGNATURE;
	case DIGSIG_VERDICT_MALFORMED:
		return EXIT_UNSUPPORTED;
	case DIGSIG_VERDICT_NONE:
	case DIGSIG_VERDICT_UNSTABLE:
	case DIGSIG_VERDICT_FAULT:
		break;
	}
	return EXIT_ERROR;
}

bool colour_wanted(bool no_color_option)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return !no_color_option && isatty(STDOUT_FILENO) && (!no_color || !*no_color) && term &&
		strcmp(term, "dumb");
}
