// SPDX-License-Identifier: GPL-2.0-or-later
#include "colour.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool colour_wanted(bool no_color_option)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return !no_color_option && isatty(STDOUT_FILENO) && (!no_color || !*no_color) && term &&
		strcmp(term, "dumb");
}
