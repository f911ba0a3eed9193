// SPDX-License-Identifier: GPL-2.0-or-later
#include "error.h"
#include <errno.h>
#include <stdarg.h>
#include "../../lib/text/text.h"
#include "config.h"

int library_fail(struct digsig_error *error, int err, const char *format, ...)
{
	va_list arguments;

	if (!error)
		return err;
	va_start(arguments, format);
	print_safe_message(error->text, sizeof(error->text), err, format, arguments);
	va_end(arguments);
	return err;
}

int library_fail_null(struct digsig_error *error, const char *what)
{
	return library_fail(error, -EINVAL, "%s: NULL was given", what);
}

const char *digsig_version(void)
{
	return KERNKIT_VERSION;
}
