// SPDX-License-Identifier: GPL-2.0-or-later
#include "duration.h"
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "number.h"

static const struct {
	const char *name;
	double seconds;
} units[] = {
	{ "", 1 },
	{ "ms", 0.001 },
	{ "s", 1 },
	{ "m", 60 },
	{ "min", 60 },
	{ "h", 3600 },
	{ "d", 86400 },
};

/* 0: there is no such unit. */
static double unit_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(name, units[i].name))
			return units[i].seconds;
	return 0;
}

int duration_parse(const char *text, double *seconds)
{
	struct decimal number = { 0 };
	int err = decimal_read(&text, &number);
	double unit = unit_by_name(text), length = ((double)number.whole + number.fraction) * unit;

	if (err == -EINVAL || !unit)
		return -EINVAL;
	if (err || length <= 0 || length > DURATION_MAX)
		return -ERANGE;
	*seconds = length;
	return 0;
}
