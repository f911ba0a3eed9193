// SPDX-License-Identifier: GPL-2.0-or-later
#include "failure.h"
#include <stdarg.h>
#include "../../lib/text/text.h"

int failure_say(char words[FAILURE_SIZE], int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_safe_message(words, FAILURE_SIZE, err, format, arguments);
	va_end(arguments);
	return err;
}
