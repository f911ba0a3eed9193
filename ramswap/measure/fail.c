// SPDX-License-Identifier: GPL-2.0-or-later
#include "fail.h"
#include <stdarg.h>
#include <stdio.h>

int measure_fail(struct ramswap_problem *problem, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	return err;
}
