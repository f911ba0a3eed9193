// SPDX-License-Identifier: GPL-2.0-or-later
#include "error.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "config.h"

int library_fail(struct digsig_error *error, int err, const char *format, ...)
{
	char *text = NULL, *safe;
	va_list arguments;

	if (!error)
		return err;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	safe = text ? safe_text(text) : NULL;
	snprintf(error->text, sizeof(error->text), "%s", safe ? safe : strerror(-err));
	free(safe);
	free(text);
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
