// SPDX-License-Identifier: GPL-2.0-or-later
#include "arguments.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct unit {
	const char *name;
	double value;
};

/* Digits and at most one point: not what else strtod takes, as "inf" or "0x1p3". */
static bool parse_number(const char *text, const char **end, double *number)
{
	size_t length = strspn(text, "0123456789.");
	char *stop;

	if (!length)
		return false;
	*number = strtod(text, &stop);
	*end = text + length;
	return stop == *end && isfinite(*number);
}

static bool apply_unit(const char *name, const struct unit *units, double *number)
{
	for (; units->name; units++) {
		if (!strcmp(name, units->name)) {
			*number *= units->value;
			return true;
		}
	}
	return false;
}

bool parse_seconds(const char *text, double unit, double *seconds)
{
	const struct unit units[] = { { "", unit }, { "ms", 0.001 }, { "s", 1 }, { "m", 60 },
		{ "min", 60 }, { "h", 3600 }, { "d", 86400 }, { NULL, 0 } };
	const char *end;

	return parse_number(text, &end, seconds) && apply_unit(end, units, seconds) &&
	       *seconds > 0 && *seconds <= 366 * 86400.0;
}

bool parse_size(const char *text, double *bytes)
{
	static const struct unit units[] = { { "", 1 }, { "K", 1024 }, { "k", 1024 },
		{ "KiB", 1024 }, { "M", 1048576 }, { "MiB", 1048576 }, { "G", 1073741824 },
		{ "GiB", 1073741824 }, { NULL, 0 } };
	const char *end;

	return parse_number(text, &end, bytes) && apply_unit(end, units, bytes);
}

bool parse_count(const char *text, unsigned long limit, unsigned long *count)
{
	char *end;

	errno = 0;
	*count = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno && *count >= 1 && *count <= limit;
}
