// SPDX-License-Identifier: GPL-2.0-or-later
#include "words.h"
#include <math.h>
#include <stdio.h>
#include "../../lib/text/size.h"

double percentage(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

void print_signed(char *text, size_t size, double bytes)
{
	char number[32];

	size_print(number, sizeof(number), fabs(bytes));
	snprintf(text, size, "%s%s", fabs(bytes) < 0.5 ? "" : bytes > 0 ? "+" : "-", number);
}

void print_duration(char *text, size_t size, double seconds)
{
	if (seconds < 100)
		snprintf(text, size, "%.*f s", seconds < 10 && seconds != floor(seconds), seconds);
	else if (seconds < 7200)
		snprintf(text, size, "%.*f min", fmod(seconds, 60) != 0, seconds / 60);
	else if (seconds < 172800)
		snprintf(text, size, "%.1f h", seconds / 3600);
	else
		snprintf(text, size, "%.1f d", seconds / 86400);
}

void print_name(char *text, size_t size, const char *name)
{
	char *end = text + size;

	for (const unsigned char *at = (const unsigned char *)name; *at && end - text > 4; at++) {
		if (*at >= 0x20 && *at < 0x7f)
			*text++ = (char)*at;
		else
			text += snprintf(text, 5, "\\x%02x", *at);
	}
	*text = '\0';
}
